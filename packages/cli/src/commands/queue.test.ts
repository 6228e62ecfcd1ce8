import { readFileSync } from "node:fs"
import { setImmediate } from "node:timers/promises"
import { exitCodes } from "@anygpu/operations/failure"
import { orderShape, ordersShape } from "@anygpu/operations/protocol"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

type Clouds = ReturnType<typeof simulatedClouds>

const launch = ["launch", "rtx 4090", "--cloud", "vast", "--image", "me/api", "--no-ssh-key"]
const order = [...launch, "--queue", "--ttl", "2h", "--max-per-hour", "2", "--key", "nightly"]

const aliveOf = ({ simulators }: Clouds) =>
  Object.values(simulators)
    .flatMap((simulator) => simulator.truth())
    .filter(({ isAlive }) => isAlive)

const sentTo = ({ simulators }: Clouds) =>
  Object.values(simulators).reduce((sum, simulator) => sum + simulator.requests().length, 0)

/** Runs a keeper until something is so. */
const keeping = async (clouds: Clouds, isDone: () => Promise<boolean>, ...more: ReadonlyArray<string>) => {
  const stop = new AbortController()
  const env = { ANYGPU_SECRET_HF_TOKEN: "hf_aGVsbG8gd29ybGQ1234" }
  const running = clouds.runWith({ signal: stop.signal, env }, "keeper", ...more)
  while (!(await isDone())) await setImmediate()
  stop.abort()
  return await running
}

const stateOf = async (clouds: Clouds, name = "nightly") =>
  ordersShape.parse(JSON.parse((await clouds.run("orders", name, "--json")).stdout)).orders[0]?.state

describe("anygpu launch --queue", () => {
  test("writes the order down and asks no cloud; a keeper makes it, and the secret is in no file", async () => {
    using clouds = simulatedClouds()
    const before = sentTo(clouds)
    const { code, stdout } = await clouds.run(...order, "--secret-env", "HF_TOKEN", "--yes", "--json")
    expect([code, sentTo(clouds)]).toEqual([0, before])
    expect(orderShape.parse(JSON.parse(stdout))).toMatchObject({ state: "queued", key: "nightly", clouds: ["vast"] })
    const ran = await keeping(clouds, async () => (await stateOf(clouds)) === "placed")
    const placed = await clouds.run("orders", "nightly", "--wait", "--json")
    const [made] = ordersShape.parse(JSON.parse(placed.stdout)).orders
    expect([placed.code, made?.state, aliveOf(clouds).length]).toEqual([0, "placed", 1])
    expect(made?.machine).toMatch(/^vast\/container\/\d+$/)
    expect((await clouds.run("orders")).stdout).toContain(String(made?.machine))
    const kept = readFileSync(clouds.env.ANYGPU_LEDGER, "latin1") + ran.stdout + ran.stderr
    expect(kept).toContain("HF_TOKEN")
    expect(kept).not.toContain("hf_aGVsbG8gd29ybGQ1234")
  })

  test("asks for a yes, and is written once under a key", async () => {
    using clouds = simulatedClouds()
    const refused = await clouds.run(...order)
    expect([refused.code, refused.stdout]).toEqual([exitCodes.declined.code, ""])
    expect(refused.stderr).toContain("Let a keeper launch nightly, for $2.00 per hour at most?")
    const [one, other] = [await clouds.run(...order, "--yes", "--json"), await clouds.run(...order, "--yes", "--json")]
    expect(JSON.parse(other.stdout).id).toBe(JSON.parse(one.stdout).id)
    expect((await clouds.run("orders", "--open")).stdout).toMatch(/nightly +queued/)
  })

  test("is cancelled, and who waits for it hears so", async () => {
    using clouds = simulatedClouds()
    expect((await clouds.run(...order, "--yes")).stderr).toContain("no keeper is awake now")
    expect((await clouds.run("cancel-order", "nightly")).stdout).toMatch(/^order \w+: cancelled$/m)
    expect((await clouds.run("orders", "nightly", "--wait")).code).toBe(exitCodes.declined.code)
    expect((await clouds.run("orders", "--open")).stdout).toBe("No orders.\n")
  })

  test("whose secret the keeper does not have fails, and shows why", async () => {
    using clouds = simulatedClouds()
    await clouds.run(...order, "--secret-env", "TOKEN=OTHER", "--yes")
    await keeping(clouds, async () => (await stateOf(clouds)) === "failed")
    const { code, stdout } = await clouds.run("orders", "nightly", "--wait")
    expect(code).toBe(exitCodes.usage.code)
    expect(stdout).toContain("has no secret OTHER")
    expect(aliveOf(clouds)).toEqual([])
  })

  test.each([
    [["--env", "TOKEN=hf_1234567890"], /TOKEN.*--secret-env|env.TOKEN.*ledger/],
    [["--command", "train --token 1"], /command.*ledger/],
    [["--verify"], /verify/],
    [["--race"], /race/],
    [["--registry-user", "me"], /--registry-secret/]
  ])("with %j is refused, and nothing is written", async (more, message) => {
    using clouds = simulatedClouds()
    const { code, stderr } = await clouds.run(...order, "--yes", ...more)
    expect(code).toBe(exitCodes.usage.code)
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain("hf_1234567890")
    expect((await clouds.run("orders")).stdout).toBe("No orders.\n")
  })

  test("needs a time and a limit of money", async () => {
    using clouds = simulatedClouds()
    expect((await clouds.run(...launch, "--queue", "--max-per-hour", "2", "--yes")).stderr).toContain("--ttl")
    expect((await clouds.run(...launch, "--queue", "--ttl", "1h", "--yes")).stderr).toContain("--max-per-hour")
    expect((await clouds.run(...launch, "--secret-env", "A", "--yes")).stderr).toContain("--queue")
  })
})
