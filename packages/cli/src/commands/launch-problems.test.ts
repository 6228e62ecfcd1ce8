import { errorShape, problemShape } from "@anygpu/operations/protocol"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { simulatedClouds } from "../testing/clouds.ts"
import { answerOf, errorOf, mcpSession } from "../testing/mcp.ts"

const launch = ["launch", "--image", "ubuntu:24.04", "--yes", "--no-ssh-key"]
const failureShape = z.object({ error: errorShape })

describe("when some fail and something fits", () => {
  const world = { env: { HUDDLE_API_KEY: "wrong" } }
  const refused = [{ provider: "huddle", kind: "vm", error: { tag: "Unauthenticated" } }]
  const job = { for: "1h", name: "trainer", image: "ubuntu:24.04", gpu: "rtx-4090" }

  test.each([["--wait"], ["--no-wait"]])("launch %s rents, and says who was not asked", async (waits) => {
    using clouds = simulatedClouds()
    const wait = waits === "--no-wait" ? [waits] : []
    const { code, stdout } = await clouds.runWith(world, ...launch, "rtx-4090", ...wait, "--json")
    expect(code).toBe(0)
    const { problems } = z.object({ problems: z.array(problemShape) }).parse(JSON.parse(stdout))
    expect(problems).toMatchObject(refused)
  })

  test.each([["--wait"], ["--no-wait"]])("launch %s that fails says it too", async (waits) => {
    using clouds = simulatedClouds()
    const create = { method: "PUT", path: "/api/v0/asks/{id}/" }
    const json = { success: false, error: "insufficient_credit", msg: "no credit" }
    clouds.simulators.vast.fault({ on: create, times: 50, do: { kind: "status", status: 400, json } })
    const wait = waits === "--no-wait" ? [waits] : []
    const argv = [...launch, "rtx-4090", "--kind", "container,vm", ...wait, "--json"]
    const { code, stderr } = await clouds.runWith(world, ...argv)
    expect(code).toBe(7)
    const { error } = failureShape.parse(JSON.parse(stderr.trim().split("\n").at(-1) ?? ""))
    expect(error).toMatchObject({ tag: "OutOfFunds", problems: refused })
  })

  test("an agent hears of it as well", async () => {
    using clouds = simulatedClouds()
    const session = await mcpSession(clouds, ["--allow-spend", "50"], world)
    const both = { ...job, kind: ["container", "vm"] }
    expect(answerOf(await session.call("launch", both)).problems).toMatchObject(refused)
    const { error } = errorOf(await session.call("launch", { ...both, maxPerHour: "0.01" }))
    expect(error).toMatchObject({ tag: "Unauthenticated", problems: refused })
    const named = errorOf(await session.call("launch", { ...both, gpu: undefined, offer: "huddle/vm/none" }))
    expect(named.error).toMatchObject({ tag: "Unauthenticated", problems: refused })
    await session.end()
  })
})
