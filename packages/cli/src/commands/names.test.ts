import { exitCodes } from "@anygpu/operations/failure"
import { InstanceRef } from "anygpu"
import { sqliteLedger } from "anygpu/sqlite"
import { runPromise } from "effect/Effect"
import { describe, expect, test } from "vitest"
import { terminateShape } from "../json/terminate.ts"
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

/** Two machines, of whose names one is a part of the other. */
const pair = async (clouds: Clouds) => {
  const [one, ten] = [await clouds.rent("job-1"), await clouds.rent("job-10")]
  return { one, ten }
}

describe("a name that has ended", () => {
  test("is gone already, however often it is ended, and no longer name takes its place", async () => {
    using clouds = simulatedClouds()
    const { one, ten } = await pair(clouds)
    expect((await clouds.run("terminate", "job-1", "--yes")).stdout).toBe(`${one.ref} is ended and gone\n`)
    for (const text of ["job-1", "job-1", one.ref.id, one.marker ?? "", String(one.ref)]) {
      const again = await clouds.run("terminate", text, "--yes")
      expect({ code: again.code, stdout: again.stdout }).toEqual({ code: 0, stdout: `${one.ref} was gone already\n` })
    }
    const asked = await clouds.run("terminate", "job-1")
    expect(asked.stderr).toContain(
      `${one.ref} (job-1, terminated (ended-by-user))\nMake sure that this machine is gone?`
    )
    const json = await clouds.run("terminate", "job-1", "--yes", "--json")
    expect(terminateShape.parse(JSON.parse(json.stdout))).toEqual({
      ended: [
        {
          ref: String(one.ref),
          alreadyGone: true,
          leftovers: [],
          cost: expect.objectContaining({ unobservedSeconds: 0 })
        }
      ],
      failed: [],
      ...{ complete: true, problems: [] }
    })
    expect(aliveOf(clouds)).toEqual([ten.ref.id])
  })

  test.each([
    ["stop", "--yes"],
    ["restart", "--yes"],
    ["start"],
    ["rename", "other"],
    ["update", "--image", "a/b", "--yes"],
    ["ssh", "--print"],
    ["logs"],
    ["show"],
    ["cost"]
  ])("is not another machine for %s", async (command, ...more) => {
    using clouds = simulatedClouds()
    const { one, ten } = await pair(clouds)
    await clouds.run("terminate", "job-1", "--yes")
    const before = writesOf(clouds).length
    const { stdout, stderr } = await clouds.run(command, "job-1", ...more)
    expect(stdout + stderr).toMatch(new RegExp(`${one.ref}|vast has no update`))
    expect(stdout + stderr).not.toContain(String(ten.ref))
    expect(writesOf(clouds)).toHaveLength(before)
  })

  test("is the name of a new machine that was launched under it", async () => {
    using clouds = simulatedClouds()
    await clouds.rent("job-1")
    await clouds.run("terminate", "job-1", "--yes")
    const second = await clouds.rent("job-1")
    expect((await clouds.run("terminate", "job-1", "--yes")).stdout).toBe(`${second.ref} is ended and gone\n`)
    expect((await clouds.run("terminate", "job-1", "--yes")).stdout).toBe(`${second.ref} was gone already\n`)
  })
})

describe("a name that nobody knows", () => {
  test.each(["terminate", "stop", "restart", "show", "ssh", "logs"])("is an error of %s", async (command) => {
    using clouds = simulatedClouds()
    const { ten } = await pair(clouds)
    const { code, stdout, stderr } = await clouds.run(command, "jobb-10")
    expect({ code, stdout }).toEqual({ code: exitCodes.missing.code, stdout: "" })
    expect(stderr).toContain('No such machine is known here: "jobb-10" is neither on the accounts (')
    expect(stderr).not.toContain("gone already")
    expect(aliveOf(clouds)).toContain(ten.ref.id)
  })

  test("is an error also as a whole ref, after which the others have ended", async () => {
    using clouds = simulatedClouds()
    const { one } = await pair(clouds)
    const single = await clouds.run("terminate", "vast/container/999", "--yes")
    expect({ code: single.code, stdout: single.stdout }).toEqual({ code: exitCodes.missing.code, stdout: "" })
    expect(single.stderr).toContain(
      "No such machine is known here: vast/container/999 is neither on its account nor in"
    )
    expect(single.stderr).not.toContain("cost money")
    const asked = await clouds.run("terminate", "vast/container/999")
    expect(asked.code).toBe(exitCodes.missing.code)
    expect(asked.stderr).not.toContain("for good?")
    const several = await clouds.run("terminate", "vast/container/999", "job-1", "--yes")
    expect({ code: several.code, stdout: several.stdout }).toEqual({
      ...{ code: exitCodes.missing.code, stdout: `${one.ref} is ended and gone\n` }
    })
    expect(several.stderr).toContain("vast/container/999 was not ended: No such machine is known here")
  })

  test("is not decided by an incomplete list, nor is what it may be a part of", async () => {
    using clouds = simulatedClouds()
    const { one } = await pair(clouds)
    const down = { env: { HUDDLE_API_KEY: "wrong" } }
    for (const text of ["nobody", "job-1"]) {
      const { code, stderr } = await clouds.runWith(down, "terminate", text, "--yes")
      expect(code).toBe(exitCodes.key.code)
      expect(stderr).toContain("a list is incomplete (huddle:")
    }
    expect(aliveOf(clouds)).toHaveLength(2)
    expect((await clouds.runWith(down, "terminate", String(one.ref), "--yes")).code).toBe(0)
  })

  test("names, when no list is sure, the machine that only the ledger knows", async () => {
    using clouds = simulatedClouds()
    const { ref } = await clouds.rent("trainer")
    const { code, stderr } = await clouds.runWith({ env: { VAST_API_KEY: "wrong" } }, "terminate", "trainer", "--yes")
    expect(code).toBe(exitCodes.key.code)
    expect(stderr).toContain(`write the whole ref, such as ${ref}, not "trainer"`)
  })

  test("of a launch that is not settled is neither unknown nor gone", async () => {
    using clouds = simulatedClouds()
    await clouds.rent("job-1")
    await clouds.run("terminate", "job-1", "--yes")
    using ledger = sqliteLedger(clouds.env.ANYGPU_LEDGER)
    const [launch] = await runPromise(ledger.launches())
    if (!launch) throw new Error("there was a launch")
    await runPromise(
      ledger.openLaunch({ ...launch, marker: "agbbbbbbbbbb", state: "open", instanceId: null, at: launch.at + 1 })
    )
    for (const text of ["job-1", "agbbbbbbbbbb"]) {
      const { code, stderr } = await clouds.run("terminate", text, "--yes")
      expect(code).toBe(exitCodes.leftovers.code)
      expect(stderr).toContain('Whether a machine came of the launch "job-1" (agbbbbbbbbbb) is not known yet')
    }
  })
})

describe("a name of two", () => {
  test("ends none, and both refs are shown", async () => {
    using clouds = simulatedClouds()
    const [one, other] = [await clouds.rent("twin"), await clouds.rent("twin")]
    const { code, stderr } = await clouds.run("terminate", "twin", "--yes")
    expect(code).toBe(exitCodes.usage.code)
    for (const { ref } of [one, other]) expect(stderr).toContain(`\n  ${ref} (twin, running)\n`)
    expect(aliveOf(clouds)).toHaveLength(2)
    await clouds.run("terminate", String(one.ref), "--yes")
    expect((await clouds.run("terminate", "twin", "--yes")).stdout).toBe(`${other.ref} is ended and gone\n`)
  })

  test("that is the id of another ends none, also when that one has ended", async () => {
    using clouds = simulatedClouds()
    const one = await clouds.rent("a")
    const other = await clouds.rent(one.ref.id)
    expect((await clouds.run("terminate", one.ref.id, "--yes")).code).toBe(exitCodes.usage.code)
    await clouds.run("terminate", String(one.ref), "--yes")
    expect((await clouds.run("terminate", one.ref.id, "--yes")).code).toBe(exitCodes.usage.code)
    expect(aliveOf(clouds)).toEqual([other.ref.id])
  })
})

test("a machine of a cloud without a key is neither gone nor unknown", async () => {
  using clouds = simulatedClouds()
  using ledger = sqliteLedger(clouds.env.ANYGPU_LEDGER)
  await clouds.rent("trainer")
  const env = { VAST_API_KEY: "" }
  const ran = await clouds.runWith({ env }, "terminate", "trainer", "--yes")
  expect(ran.code).toBe(exitCodes.usage.code)
  expect(ran.stderr).toContain("no vast container provider")
  const [launch] = await runPromise(ledger.launches())
  const ref = new InstanceRef("vast", "container", launch?.instanceId ?? "")
  expect((await runPromise(ledger.machine(ref)))?.goneAt).toBe(null)
})
