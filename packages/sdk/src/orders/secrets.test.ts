import { describe, expect, test } from "vitest"
import { errorOf, fates, untyped } from "../placement/placement.test-support.ts"
import { order, secrets, world } from "./orders.test-support.ts"

const withEnv = (env: object, more: object = {}) =>
  untyped<typeof order>({ ...order, workload: { os: "ubuntu", env }, ...more })

describe("the secrets of an order", () => {
  test("have names in the ledger, and their values only in the launch", async () => {
    const { gpu, turn, ledger } = world([fates("boots")])
    const { id } = await gpu.orderLaunch(
      withEnv({ HF_TOKEN: { secret: "HF_TOKEN" }, MODE: "train" }, { notSecret: ["MODE"] })
    )
    expect(await turn(id)).toMatchObject({ order: { state: "placed" } })
    const kept = JSON.stringify([await gpu.orders(), ledger])
    expect(kept).toContain('"HF_TOKEN":{"secret":"HF_TOKEN"}')
    expect(kept).not.toContain(secrets["HF_TOKEN"])
  })

  test("that the keeper does not have fail the order, with their names", async () => {
    const { gpu, turn, creates } = world([fates("boots")])
    const { id } = await gpu.orderLaunch(
      withEnv({ A: { secret: "A_KEY" }, B: { secret: "HF_TOKEN" }, C: { secret: "C_KEY" } })
    )
    expect(await turn(id, "keeper-1")).toMatchObject({ order: { state: "failed", error: { tag: "InvalidRequest" } } })
    const [failed] = await gpu.orders()
    expect(failed?.error?.message).toContain("the keeper keeper-1 has no secret A_KEY, C_KEY")
    expect(creates).toEqual([])
  })

  test.each([
    [{ env: { TOKEN: "hf_1234567890" } }, "env.TOKEN"],
    [{ env: { TOKEN: { secret: "../passwd" } } }, "env.TOKEN"],
    [{ env: { TOKEN: { secret: "A", plain: "B" } } }, "env.TOKEN"],
    [{ onStart: "curl -H 'token: 1'" }, "onStart"],
    [{ command: ["--token", "1"] }, "command"],
    [{ description: "password 1" }, "description"],
    [{ registry: { host: "ghcr.io", username: "me", password: "1" } }, "registry.password"],
    [{ image: "me:password@ghcr.io/me/api" }, "image"]
  ])("%o may be one, and is refused", async (workload, path) => {
    const { gpu } = world([fates("boots")])
    const error = await errorOf(gpu.orderLaunch(untyped({ ...order, workload: { os: "ubuntu", ...workload } })))
    expect(error).toMatchObject({
      _tag: "InvalidRequest",
      issues: expect.arrayContaining([expect.objectContaining({ path })])
    })
    expect(error.message).not.toMatch(/hf_123|curl|--token|password 1|me:password/)
    expect(await gpu.orders()).toEqual([])
  })
})
