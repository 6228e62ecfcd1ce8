import { exitCodes } from "@anygpu/operations/failure"
import { describe, expect, test } from "vitest"
import { terminateShape } from "../json/terminate.ts"
import { simulatedClouds } from "../testing/clouds.ts"

const aliveOf = ({ simulators }: ReturnType<typeof simulatedClouds>) =>
  Object.values(simulators).flatMap((simulator) => simulator.truth().filter(({ isAlive }) => isAlive))

describe("anygpu terminate", () => {
  test("names what it ends, and without a yes ends nothing", async () => {
    using clouds = simulatedClouds()
    const { ref } = await clouds.rent("trainer")
    const { code, stdout, stderr } = await clouds.run("terminate", "trainer")
    expect({ code, stdout }).toEqual({ code: exitCodes.declined.code, stdout: "" })
    expect(stderr).toMatch(new RegExp(`^${ref} \\(trainer, 1x RTX 4090, \\$0\\.\\d+ per hour, .* old, ready\\)$`, "m"))
    expect(stderr).toContain("End this machine for good? Nobody can be asked here: pass --yes")
    expect(aliveOf(clouds)).toHaveLength(1)
  })

  test.each([
    ["y\r", 0, 0],
    ["n\r", exitCodes.declined.code, 1]
  ])("answered with %j it ends with %i", async (keys, code, left) => {
    using clouds = simulatedClouds()
    await clouds.rent("trainer")
    const ran = await clouds.runWith({ columns: 100, typed: [["for good?", keys]] }, "terminate", "trainer")
    expect(ran.code).toBe(code)
    expect(aliveOf(clouds)).toHaveLength(left)
  })

  test("ends several at once; what is gone already is no error", async () => {
    using clouds = simulatedClouds()
    const [first, second] = [await clouds.rent("one"), await clouds.rent("two")]
    await clouds.run("terminate", "one", "--yes")
    const { code, stdout } = await clouds.run("terminate", String(first.ref), "two", "two", "--yes")
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `${first.ref} was gone already\n${second.ref} is ended and gone\n`
    })
    expect(aliveOf(clouds)).toEqual([])
  })

  test("--all wants its number typed, or --yes", async () => {
    using clouds = simulatedClouds()
    await clouds.rent("one")
    await clouds.rent("two")
    const wrong = await clouds.runWith({ columns: 100, typed: [["number (2)", "3\r"]] }, "terminate", "--all")
    expect(wrong.code).toBe(exitCodes.declined.code)
    expect((await clouds.run("terminate", "--all")).code).toBe(exitCodes.declined.code)
    expect(aliveOf(clouds)).toHaveLength(2)
    const right = await clouds.runWith({ columns: 100, typed: [["number (2)", "2\r"]] }, "terminate", "--all")
    expect(right.code).toBe(0)
    expect(aliveOf(clouds)).toEqual([])
    expect(await clouds.run("terminate", "--all", "--yes")).toEqual({ code: 0, stdout: "No machines.\n", stderr: "" })
  })

  test("--all says when an account could not be read, and ends what it knows", async () => {
    using clouds = simulatedClouds()
    await clouds.rent("one")
    const { code, stderr } = await clouds.runWith({ env: { HUDDLE_API_KEY: "wrong" } }, "terminate", "--all", "--yes")
    expect(code).toBe(exitCodes.partial.code)
    expect(stderr).toContain("of huddle")
    expect(aliveOf(clouds)).toEqual([])
  })

  test("one of several that cannot be ended is named, and the code says that something is left", async () => {
    using clouds = simulatedClouds()
    const [first, second] = [await clouds.rent("one"), await clouds.rent("two")]
    const on = { method: "DELETE", path: new RegExp(`/${second.ref.id}/`) }
    clouds.simulators.vast.fault({ on, times: 10_000, do: { kind: "status", status: 500 } })
    const argv = ["terminate", String(first.ref), String(second.ref), "--yes", "--within", "1m"]
    const { code, stdout, stderr } = await clouds.run(...argv)
    expect({ code, stdout }).toEqual({ code: exitCodes.leftovers.code, stdout: `${first.ref} is ended and gone\n` })
    expect(stderr).toContain(`${second.ref} may still cost money`)
    const json = await clouds.run(...argv, "--json")
    expect(json.code).toBe(exitCodes.leftovers.code)
    const { ended, failed } = terminateShape.strict().parse(JSON.parse(json.stdout))
    expect(ended).toEqual([
      {
        ref: String(first.ref),
        alreadyGone: true,
        leftovers: [],
        cost: expect.objectContaining({ unobservedSeconds: 0 })
      }
    ])
    expect(failed.map((one) => one.ref)).toEqual([String(second.ref)])
  })

  test("a machine that cannot be looked at is ended all the same", async () => {
    using clouds = simulatedClouds()
    const { ref } = await clouds.rent("trainer")
    clouds.simulators.vast.fault({ on: { method: "GET" }, times: 1, do: { kind: "status", status: 401 } })
    const { code, stderr } = await clouds.run("terminate", String(ref), "--yes")
    expect(code).toBe(0)
    expect(stderr).toContain(`${ref} (it could not be looked at)`)
    expect(aliveOf(clouds)).toEqual([])
  })

  test.each([
    [["terminate"], 2, "name the machines to end"],
    [["terminate", "--all", "trainer"], 2, "--all ends every machine: name none"],
    [["terminate", "nobody", "--yes"], 4, 'No such machine is known here: "nobody"'],
    [["terminate", "trainer", "--within", "soon", "--yes"], 2, "--within"]
  ])("%j ends with %i", async (argv, code, message) => {
    using clouds = simulatedClouds()
    await clouds.rent("trainer")
    const ran = await clouds.run(...argv)
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: "" })
    expect(ran.stderr).toContain(message)
    expect(aliveOf(clouds)).toHaveLength(1)
  })

  test("without a network it ends with 12 and names the machine", async () => {
    using clouds = simulatedClouds()
    const fetch = { vast: () => Promise.reject(new TypeError("fetch failed")) }
    const { code, stderr } = await clouds.runWith({ fetch }, "terminate", "vast/container/123", "--yes")
    expect(code).toBe(exitCodes.leftovers.code)
    expect(stderr).toContain("vast/container/123")
  })
})
