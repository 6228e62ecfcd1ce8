import { exitCodes } from "@anygpu/operations/failure"
import { createHuddleSimulator, createVastSimulator } from "@anygpu/simulators"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"
import type { TerminalOptions } from "../testing/terminal.ts"

/** The same command and ledger, with the key of another account of Vast. */
const withOther = (clouds: ReturnType<typeof simulatedClouds>) => {
  const other = createVastSimulator({ clock: clouds.clock, apiKey: "vast-key-of-another-account-17", seed: 2 })
  const fetch: TerminalOptions["fetch"] = {
    fluence: clouds.simulators.fluence.fetch,
    huddle: clouds.simulators.huddle.fetch,
    vast: other.fetch
  }
  const run = (...argv: ReadonlyArray<string>) =>
    clouds.runWith({ fetch, env: { VAST_API_KEY: other.apiKey } }, ...argv)
  return { other, run }
}

describe("the key of another account", () => {
  test.each([[["--yes"]], [["--yes", "--same-account"]]])(
    "ends nothing, and says whose it is: terminate %j",
    async (flags) => {
      using clouds = simulatedClouds()
      const { ref } = await clouds.rent("trainer")
      await clouds.clock.sleep(600_000)
      const { run } = withOther(clouds)
      const { code, stdout, stderr } = await run("terminate", String(ref), ...flags)
      expect({ code, stdout }).toEqual({ code: exitCodes.leftovers.code, stdout: "" })
      expect(stderr).toContain(`${ref} belongs to another account of vast (123456) than the key in use`)
      expect(clouds.simulators.vast.truth().filter(({ isAlive }) => isAlive)).toHaveLength(1)
      expect((await clouds.run("terminate", "trainer", "--yes")).stdout).toBe(`${ref} is ended and gone\n`)
    }
  )

  test("shows in an audit as a machine of another account, which is not lost", async () => {
    using clouds = simulatedClouds()
    const { ref } = await clouds.rent("trainer")
    await clouds.clock.sleep(600_000)
    const { run } = withOther(clouds)
    const audit = JSON.parse((await run("audit", "--json")).stdout)
    expect(audit).toMatchObject({ lost: [], elsewhere: [{ ref: String(ref) }], complete: false })
    expect((await run("audit")).stdout).toContain("On another account, or launched with another key")
    expect(JSON.parse((await clouds.run("audit", "--json")).stdout)).toMatchObject({ elsewhere: [], complete: true })
  })

  test("does not sweep its leases away", async () => {
    using clouds = simulatedClouds()
    const launched = await clouds.run(
      ...["launch", "--cloud", "vast", "--kind", "container", "--count", "1", "--image", "ubuntu:24.04", "--for", "1h"],
      ...["--name", "trainer", "--ttl", "1h", "--no-ssh-key", "--port", "8000", "--yes"]
    )
    expect(launched.code).toBe(0)
    await clouds.clock.sleep(2 * 3_600_000)
    const { run } = withOther(clouds)
    const { code, stderr } = await run("sweep", "--yes")
    expect(code).toBe(exitCodes.leftovers.code)
    expect(stderr).toContain("belongs to another account of vast")
    expect(clouds.simulators.vast.truth().filter(({ isAlive }) => isAlive)).toHaveLength(1)
    expect((await clouds.run("sweep", "--yes")).stdout).toContain("is ended and gone")
  })

  test("is no trouble when it is a renewed key of the same account", async () => {
    using clouds = simulatedClouds()
    const { ref } = await clouds.rent("trainer")
    const renewed = createVastSimulator({
      ...{ clock: clouds.clock, apiKey: "vast-renewed-key-of-the-same-account", userId: 123_456 },
      snapshot: clouds.simulators.vast.snapshot()
    })
    const fetch = {
      fluence: clouds.simulators.fluence.fetch,
      huddle: clouds.simulators.huddle.fetch,
      vast: renewed.fetch
    }
    const run = (...argv: ReadonlyArray<string>) =>
      clouds.runWith({ fetch, env: { VAST_API_KEY: renewed.apiKey } }, ...argv)
    expect((await run("terminate", "trainer", "--yes")).stdout).toBe(`${ref} is ended and gone\n`)
    expect((await run("terminate", String(ref), "--yes")).stdout).toBe(`${ref} was gone already\n`)
  })
})

test("a cloud that has no word for whose a key is leaves it to a person", async () => {
  using clouds = simulatedClouds()
  const id = clouds.simulators.huddle.addMachine()
  const ref = `huddle/vm/${id}`
  expect((await clouds.run("list")).stdout).toContain(ref)
  await clouds.clock.sleep(600_000)
  const other = createHuddleSimulator({ clock: clouds.clock, apiKey: "mk_another_key_of_huddle_0042", seed: 2 })
  const fetch = {
    fluence: clouds.simulators.fluence.fetch,
    huddle: other.fetch,
    vast: clouds.simulators.vast.fetch
  }
  const run = (...argv: ReadonlyArray<string>) =>
    clouds.runWith({ fetch, env: { HUDDLE_API_KEY: other.apiKey } }, ...argv)
  const unsure = await run("terminate", ref, "--yes")
  expect(unsure.code).toBe(exitCodes.leftovers.code)
  expect(unsure.stderr).toContain("--same-account")
  expect((await run("terminate", ref, "--yes", "--same-account")).stdout).toBe(`${ref} was gone already\n`)
})
