import { exitCodes } from "@anygpu/operations/failure"
import { auditShape, sweepShape } from "@anygpu/operations/protocol"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

const hour = 3_600_000
const order = ["launch", "rtx 4090", "--cloud", "vast", "--image", "a/b", "--yes", "--no-wait", "--json"]

type Clouds = ReturnType<typeof simulatedClouds>

const launched = async (clouds: Clouds, ...argv: ReadonlyArray<string>): Promise<string> =>
  JSON.parse((await clouds.run(...order, ...argv)).stdout).machine.ref

const aliveOf = ({ simulators }: Clouds) =>
  simulators.vast
    .truth()
    .filter(({ isAlive }) => isAlive)
    .map(({ id }) => `vast/container/${id}`)

describe("anygpu sweep", () => {
  test("ends what has run out and nothing else, after a yes", async () => {
    using clouds = simulatedClouds()
    const due = await launched(clouds, "--name", "due", "--ttl", "1h")
    const later = await launched(clouds, "--name", "later", "--ttl", "1d")
    const kept = await launched(clouds, "--name", "kept")
    expect(await clouds.run("sweep")).toMatchObject({ code: 0, stdout: "Nothing was ended.\n" })
    await clouds.clock.sleep(2 * hour)
    const dry = await clouds.run("sweep", "--dry-run")
    const kinds = new RegExp(`^${due} \\(due, .* ago\\ngoes on: ${later} \\(later, .*, its time ends in .*\\n$`)
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringMatching(kinds) })
    const asked = await clouds.run("sweep")
    expect(asked.code).toBe(exitCodes.declined.code)
    expect(asked.stderr).toContain("End it for good? Nobody can be asked here")
    expect(aliveOf(clouds)).toEqual([due, later, kept])
    const typed = [["End it for good?", "y\r"]] as const
    const swept = await clouds.runWith({ columns: 120, typed }, "sweep")
    expect(swept).toMatchObject({ code: 0, stdout: `${due} is ended and gone\n` })
    expect(swept.stderr).toMatch(new RegExp(`goes on: ${later}, ends in 21h`))
    expect(aliveOf(clouds)).toEqual([later, kept])
  })

  test("names what it could not end, and ends with 12", async () => {
    using clouds = simulatedClouds()
    const due = await launched(clouds, "--ttl", "1h")
    await clouds.clock.sleep(2 * hour)
    clouds.simulators.vast.fault({ on: { method: "DELETE" }, times: 10_000, do: { kind: "status", status: 500 } })
    const { code, stdout } = await clouds.run("sweep", "--yes", "--json")
    expect(code).toBe(exitCodes.leftovers.code)
    const { ended, failed } = sweepShape.strict().parse(JSON.parse(stdout))
    expect(ended).toEqual([])
    expect(failed.map(({ ref }) => ref)).toEqual([due])
    const people = await clouds.run("sweep", "--yes")
    expect(people.stderr).toContain(`${due} may still cost money`)
  })
})

describe("anygpu audit", () => {
  test("says who pays for what", async () => {
    using clouds = simulatedClouds()
    const due = await launched(clouds, "--name", "due", "--ttl", "1h")
    const mine = await launched(clouds, "--name", "mine")
    const theirs = `vast/container/${clouds.simulators.vast.addMachine()}`
    await clouds.clock.sleep(2 * hour)
    const { code, stdout } = await clouds.run("audit")
    expect(code).toBe(0)
    const parts = stdout.split("\n\n")
    const partOf = (ref: string) => parts.find((part) => part.includes(ref))
    expect(partOf(due)).toMatch(
      /^Overdue: their --ttl has passed, or they are there again after their end\. End them with: anygpu sweep\n/
    )
    expect(partOf(mine)).toMatch(/^Launched with this ledger\n/)
    expect(partOf(theirs)).toMatch(/^Launched by others, or with another ledger\n/)
    expect(stdout).toMatch(/\nBilled now: \$\d+\.\d+ per hour, of which \$\d+\.\d+ per hour for machines of others\.\n/)
    const audit = auditShape.strict().parse(JSON.parse((await clouds.run("audit", "--json")).stdout))
    expect(audit.overdue.map(({ ref }) => ref)).toEqual([due])
    expect(audit.unclaimed.map(({ ref }) => ref)).toEqual([theirs])
    expect(audit.claimed.map(({ machine }) => machine.ref).sort()).toEqual([due, mine].sort())
  })

  test("finds with --recover what a launch left whose answer was lost", async () => {
    using clouds = simulatedClouds()
    const { vast } = clouds.simulators
    vast.fault({ on: { method: "PUT", path: /asks/ }, do: { kind: "reset-after" } })
    const on = { method: "GET", path: /instances/ }
    const disarm = vast.fault({ on, times: 10_000, do: { kind: "status", status: 500 } })
    const lost = await clouds.run(...order)
    expect(lost.code).toBe(exitCodes.leftovers.code)
    const [ref] = aliveOf(clouds)
    disarm()
    const open = await clouds.run("audit")
    expect(open.stdout).toMatch(/^Not known whether a machine came of them\. Look with: anygpu audit --recover\n/)
    const found = await clouds.run("audit", "--recover")
    expect(found.stderr).toBe(`found: ${ref}\n`)
    expect(found.stdout).toMatch(new RegExp(`^Launched with this ledger\n.*\n${ref} `))
  })

  test("never looks whole when an account could not be read", async () => {
    using clouds = simulatedClouds()
    await launched(clouds)
    const { code, stderr } = await clouds.runWith({ env: { HUDDLE_API_KEY: "wrong" } }, "audit")
    expect(code).toBe(exitCodes.partial.code)
    expect(stderr).toContain("of huddle")
    const fetch = { vast: () => Promise.reject(new TypeError("fetch failed")) }
    const none = await clouds.runWith({ fetch }, "audit", "--cloud", "vast")
    expect({ code: none.code, stdout: none.stdout }).toEqual({ code: exitCodes.network.code, stdout: "" })
  })
})
