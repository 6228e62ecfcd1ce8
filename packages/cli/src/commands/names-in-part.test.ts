import { exitCodes } from "@anygpu/operations/failure"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

type Clouds = ReturnType<typeof simulatedClouds>

/** The machines that live, by their ids. */
const aliveOf = ({ simulators }: Clouds): ReadonlyArray<string> =>
  Object.values(simulators).flatMap((simulator) =>
    simulator.truth().flatMap(({ id, isAlive }) => (isAlive ? [id] : []))
  )

/** Every write that reached a cloud. */
const writesOf = ({ simulators }: Clouds) =>
  Object.values(simulators).flatMap((simulator) =>
    simulator.requests().filter(({ method, path }) => method !== "GET" && !/bundles|search|asks/.test(path))
  )

describe("a part of a name", () => {
  test.each([
    ["terminate", "--yes"],
    ["stop", "--yes"],
    ["restart", "--yes"],
    ["start"],
    ["rename", "other"],
    ["update", "--image", "a/b", "--yes"],
    ["ssh", "--print"]
  ])("is not enough for %s, and what it may mean is shown", async (command, ...more) => {
    using clouds = simulatedClouds()
    const { ref } = await clouds.rent("trainer")
    const before = writesOf(clouds).length
    for (const part of ["rain", "TRAINER", ref.id.slice(1), `container/${ref.id}`]) {
      const { code, stdout, stderr } = await clouds.run(command, part, ...more)
      expect({ code, stdout }).toEqual({ code: exitCodes.missing.code, stdout: "" })
      expect(stderr).toContain(`\n  ${ref} (trainer, running)\n`)
    }
    expect(writesOf(clouds)).toHaveLength(before)
  })

  test("is taken by what only reads, which says so", async () => {
    using clouds = simulatedClouds()
    const { ref } = await clouds.rent("trainer")
    for (const command of ["show", "cost", "logs"]) {
      const { code, stderr } = await clouds.run(command, "rain")
      expect(code).toBe(0)
      expect(stderr).toContain(`"rain" is taken for ${ref} (trainer, running)`)
    }
  })

  test.each([
    ["y\r", 0, []],
    ["n\r", exitCodes.declined.code, ["one"]]
  ])("is a question to a person: answered with %j", async (keys, code, left) => {
    using clouds = simulatedClouds()
    const { ref } = await clouds.rent("trainer")
    const typed = [
      ["Do you mean", keys],
      ["for good?", "y\r"]
    ] as const
    const ran = await clouds.runWith({ columns: 80, typed }, "terminate", "rain")
    expect(ran.code).toBe(code)
    expect(ran.stderr).toContain('No machine has "rain" as its whole name, id or ref.')
    expect(aliveOf(clouds)).toEqual(left.map(() => ref.id))
  })

  test.each([
    ["\r", 2],
    ["\u001b[B\r", 1]
  ])("of several is a list to choose from, of which %j is chosen", async (keys, left) => {
    using clouds = simulatedClouds()
    await clouds.rent("job-1")
    const ten = await clouds.rent("job-10")
    const typed = [
      ["Which one do you mean?", keys],
      ["for good?", "y\r"]
    ] as const
    const ran = await clouds.runWith({ columns: 80, typed }, "terminate", "job")
    expect(ran.code).toBe(left === 2 ? exitCodes.declined.code : 0)
    expect(aliveOf(clouds)).toHaveLength(left)
    expect(aliveOf(clouds)).toContain(ten.ref.id)
  })

  test("is nobody's question with --yes, also at a terminal", async () => {
    using clouds = simulatedClouds()
    await clouds.rent("trainer")
    expect((await clouds.runWith({ columns: 80 }, "terminate", "rain", "--yes")).code).toBe(exitCodes.missing.code)
    expect(aliveOf(clouds)).toHaveLength(1)
  })
})
