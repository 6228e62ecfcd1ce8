import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { exitCodes } from "@anygpu/operations/failure"
import { describe, expect, test } from "vitest"
import { launchShape } from "../json/launch.ts"
import { simulatedClouds } from "../testing/clouds.ts"

type Clouds = ReturnType<typeof simulatedClouds>

const order = ["launch", "h100", "--cloud", "vast", "--image", "pytorch/pytorch", "--for", "3h"]

/** Everything that was ever made on all clouds. */
const machinesOf = ({ simulators }: Clouds) => Object.values(simulators).flatMap((simulator) => simulator.truth())
const aliveOf = (clouds: Clouds) => machinesOf(clouds).filter(({ isAlive }) => isAlive)

describe("anygpu launch", () => {
  test("shows the quote and asks; without anybody to ask it ends with 20 and has made nothing", async () => {
    using clouds = simulatedClouds()
    const { code, stdout, stderr } = await clouds.run(...order, "--ttl", "4h", "--name", "trainer")
    expect({ code, stdout }).toEqual({ code: exitCodes.declined.code, stdout: "" })
    expect(stderr).toMatch(/^offer +vast\/container\/\d+ \(1x H100/m)
    expect(stderr).toMatch(/^name +trainer$/m)
    expect(stderr).toMatch(/^3h cost +\$\d+\.\d+ +compute: 10800 seconds at \$/m)
    expect(stderr).toMatch(/^total +~?\$\d+\.\d+$/m)
    expect(stderr).toMatch(/^per hour +\$\d+\.\d+ while it runs, until it is ended$/m)
    expect(stderr).toMatch(/^up front +\$/m)
    expect(stderr).toMatch(/^ends +4h after the launch, by anygpu sweep: let it run regularly/m)
    expect(stderr).toContain("Rent it? Nobody can be asked here: pass --yes")
    expect(machinesOf(clouds)).toEqual([])
    const writes = clouds.simulators.vast.requests().filter(({ method, path }) => method === "PUT" && /asks/.test(path))
    expect(writes).toEqual([])
  })

  test.each([
    ["y\r", 0, 1],
    ["n\r", exitCodes.declined.code, 0],
    ["\r", exitCodes.declined.code, 0],
    ["\u0003", exitCodes.declined.code, 0]
  ])("answered with %j it ends with %i", async (keys, code, made) => {
    using clouds = simulatedClouds()
    const ran = await clouds.runWith({ columns: 100, typed: [["Rent it?", keys]] }, ...order)
    expect(ran.code).toBe(code)
    expect(aliveOf(clouds)).toHaveLength(made)
  })

  test("with --yes it rents what it quoted, waits, and says how to log in and how to end it", async () => {
    using clouds = simulatedClouds()
    const { code, stdout, stderr } = await clouds.run(...order, "--yes")
    expect(code).toBe(0)
    const [machine] = machinesOf(clouds)
    expect(stdout).toMatch(new RegExp(`^machine +vast/container/${machine?.id} \\(h100-`))
    expect(stdout).toMatch(/\nstatus +ready\n/)
    expect(stdout).toMatch(/\nssh +ssh -p \d+ root@/)
    expect(stdout).toContain(`anygpu terminate vast/container/${machine?.id}`)
    const [, offer] = /^offer +vast\/container\/(\d+)/m.exec(stderr) ?? []
    expect(machine?.of).toBe(offer)
  })

  test("prints JSON of its schema: the machine, the quote, the trail", async () => {
    using clouds = simulatedClouds()
    const { code, stdout, stderr } = await clouds.run(...order, "--yes", "--json", "--max-total", "20", "--ttl", "4h")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    const { machine, quote, trail, ssh, leftoverErrors } = launchShape.strict().parse(JSON.parse(stdout))
    expect(machine).toMatchObject({ provider: "vast", ready: true })
    expect(quote).toMatchObject({ maxTotal: { amount: "20", currency: "USD" }, ttlSeconds: 14_400 })
    expect(quote?.job.seconds).toBe(10_800)
    expect(Number(quote?.cost.total.amount)).toBeGreaterThan(5)
    expect(trail.map(({ outcome, ref }) => ({ outcome, ref }))).toEqual([{ outcome: "ready", ref: machine.ref }])
    expect(ssh).toBe(machine.ssh[0]?.command)
    expect(leftoverErrors).toEqual([])
  })

  test("is held to a quarter above its quote, for all tries together", async () => {
    using clouds = simulatedClouds()
    const argv = ["launch", "rtx 4090", "--cloud", "vast", "--image", "a/b", "--yes", "--json"]
    const { quote } = launchShape.parse(JSON.parse((await clouds.run(...argv)).stdout))
    expect(quote?.next.length).toBeGreaterThan(0)
    const totals = [quote?.cost.total, ...(quote?.next ?? []).map(({ total }) => total)].map((one) =>
      Number(one?.amount)
    )
    expect(Number(quote?.maxTotal.amount)).toBeCloseTo((totals[0] ?? 0) * 1.25, 5)
    expect(Math.max(...totals)).toBeLessThanOrEqual(Number(quote?.maxTotal.amount))
  })

  test("takes a named offer, and no other", async () => {
    using clouds = simulatedClouds()
    const offers = JSON.parse((await clouds.run("offers", "rtx 4090", "--cloud", "vast", "--json")).stdout).offers
    const { ref } = offers.at(-1)
    for (const named of [[ref], ["--offer", ref]]) {
      const { code, stderr } = await clouds.run("launch", ...named, "--image", "a/b", "--yes", "--no-wait")
      expect(code).toBe(0)
      expect(stderr).toContain("nothing else is tried")
      expect(machinesOf(clouds).at(-1)?.of).toBe(ref.split("/").at(-1))
      const [machine] = aliveOf(clouds)
      await clouds.run("terminate", `vast/container/${machine?.id}`, "--yes")
    }
  })

  test("a key is rented once, however often it is called, also when its offer is gone", async () => {
    using clouds = simulatedClouds()
    const refs = new Set<string>()
    for (const limit of ["100", "100", "0.01"]) {
      const { code, stdout } = await clouds.run(...order, "--key", "job-7", "--yes", "--json", "--max-total", limit)
      expect(code).toBe(0)
      refs.add(JSON.parse(stdout).machine.ref)
    }
    expect(refs.size).toBe(1)
    expect(machinesOf(clouds)).toHaveLength(1)
  })

  test("says which public key may log in: the user's own by default", async () => {
    using clouds = simulatedClouds()
    const key = `ssh-ed25519 ${Buffer.alloc(51, "\0\0\0\x0bssh-ed25519\0\0\0 ").toString("base64")} me@here`
    mkdirSync(join(clouds.folder, ".ssh"))
    const path = join(clouds.folder, ".ssh", "id_ed25519.pub")
    writeFileSync(path, `${key}\n`)
    expect((await clouds.run(...order)).stderr).toContain(`${path} (yours by default)`)
    expect((await clouds.run(...order, "--no-ssh-key")).stderr).toMatch(/^ssh key +none: nobody gets in/m)
    const named = await clouds.run(...order, "--ssh-key", path)
    expect(named.stderr).toMatch(/^ssh key +\S+id_ed25519\.pub$/m)
    writeFileSync(path, "-----BEGIN OPENSSH PRIVATE KEY-----\ns3cret\n")
    const wrong = await clouds.run(...order, "--ssh-key", path)
    expect(wrong).toMatchObject({ code: 2, stdout: "" })
    expect(wrong.stderr).toContain("it is a private key")
    expect(wrong.stderr).not.toContain("s3cret")
  })
})
