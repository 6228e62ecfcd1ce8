import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { exitCodes } from "../exit-codes.ts"
import { launchShape } from "../json/changes.ts"
import { errorShape } from "../json/parts.ts"
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

  test("with --yes it rents what it quoted, waits, and tells how to log in and how to end it", async () => {
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
    const { machine, quote, trail, ssh, unended } = launchShape.strict().parse(JSON.parse(stdout))
    expect(machine).toMatchObject({ provider: "vast", ready: true })
    expect(quote).toMatchObject({ maxTotal: { amount: "20", currency: "USD" }, ttlSeconds: 14_400 })
    expect(quote?.job.seconds).toBe(10_800)
    expect(Number(quote?.cost.total.amount)).toBeGreaterThan(5)
    expect(trail.map(({ outcome, ref }) => ({ outcome, ref }))).toEqual([{ outcome: "ready", ref: machine.ref }])
    expect(ssh).toBe(machine.ssh[0]?.command)
    expect(unended).toEqual([])
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
    expect((await clouds.run(...order, "--no-ssh-key")).stderr).toMatch(/^ssh key +none$/m)
    const named = await clouds.run(...order, "--ssh-key", path)
    expect(named.stderr).toMatch(/^ssh key +\S+id_ed25519\.pub$/m)
    writeFileSync(path, "-----BEGIN OPENSSH PRIVATE KEY-----\ns3cret\n")
    const wrong = await clouds.run(...order, "--ssh-key", path)
    expect(wrong).toMatchObject({ code: 2, stdout: "" })
    expect(wrong.stderr).toContain("it is a private key")
    expect(wrong.stderr).not.toContain("s3cret")
  })
})

describe("limits of a launch", () => {
  test("a job above --max-total is refused: named offers with what it costs, others as no offer", async () => {
    using clouds = simulatedClouds()
    const none = await clouds.run(...order, "--yes", "--max-total", "0.50")
    expect(none.code).toBe(exitCodes.capacity.code)
    const { ref } = JSON.parse((await clouds.run("offers", "h100", "--cloud", "vast", "--json")).stdout).offers[0]
    const named = await clouds.run("launch", ref, "--image", "a/b", "--yes", "--for", "3h", "--max-total", "0.50")
    expect(named.code).toBe(exitCodes.funds.code)
    expect(named.stderr).toMatch(/costs \$\d.*for the job, above the limit of \$0\.50\. Nothing was sent\.\n$/)
    expect(machinesOf(clouds)).toEqual([])
  })

  test("an offer that got dearer since the quote is not rented, even with a yes", async () => {
    using clouds = simulatedClouds()
    const { vast } = clouds.simulators
    const { ref } = JSON.parse((await clouds.run("offers", "h100", "--cloud", "vast", "--json")).stdout).offers[0]
    let looks = 0
    vast.onRequest(({ path }) => {
      if (!path.includes("bundles")) return
      looks += 1
      // The quote rests on the first look of the launch.
      if (looks === 1) vast.changePrice(Number(ref.split("/").at(-1)), 1.5)
    })
    const { code, stderr } = await clouds.run("launch", ref, "--image", "a/b", "--yes")
    expect(code).not.toBe(0)
    expect(stderr).toContain("above the limit")
    expect(machinesOf(clouds)).toEqual([])
  })

  /** Launches, while somebody else takes the best offer just after the quote. */
  const beaten = async (clouds: Clouds, ...argv: ReadonlyArray<string>) => {
    const { vast } = clouds.simulators
    const [, first = ""] = /^offer +vast\/container\/(\d+)/m.exec((await clouds.run(...order)).stderr) ?? []
    const leave = vast.onRequest(({ path }) => {
      if (!path.includes("bundles")) return
      leave()
      vast.takeOffer(Number(first))
    })
    return { first, ...(await clouds.run(...order, "--yes", ...argv)) }
  }

  test("goes on to the next offer that was shown when the first is taken", async () => {
    using clouds = simulatedClouds()
    const { first, code, stderr } = await beaten(clouds, "--max-total", "100")
    const [, second] = /^if it is gone +vast\/container\/(\d+)/m.exec(stderr) ?? []
    expect(code).toBe(0)
    expect(stderr).toContain(`vast/container/${first}: gone`)
    expect(aliveOf(clouds).map(({ of }) => of)).toEqual([second])
  })

  test("a yes to one price is no yes to a much higher one", async () => {
    using clouds = simulatedClouds()
    const { code, stderr } = await beaten(clouds)
    expect(code).toBe(exitCodes.capacity.code)
    expect(stderr).toMatch(/^if it is gone +nothing else is tried$/m)
    expect(machinesOf(clouds)).toEqual([])
  })
})

describe("a launch that goes wrong", () => {
  test.each([
    [["launch"], 2, "--image"],
    [["launch", "h100", "--ttl", "soon"], 2, "--ttl"],
    [["launch", "h100", "--image", "a", "--env", "X"], 2, "--env"],
    [["launch", "h100", "--image", "a", "--volume", "x"], 2, "--volume"],
    [["launch", "hundred", "--image", "a"], 2, "hundred"],
    [["launch", "vast/container/1", "--image", "a", "--gpu", "h100"], 2, "leave out"],
    [["launch", "vast/container/1", "--image", "a"], 6, "not on the market"],
    [["launch", "h100", "--image", "a", "--race", "--key", "k", "--yes"], 2, "--key"]
  ])("%j ends with %i", async (argv, code, message) => {
    using clouds = simulatedClouds()
    const ran = await clouds.run(...argv)
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: "" })
    expect(ran.stderr).toContain(message)
    expect(machinesOf(clouds)).toEqual([])
  })

  test("says what each cloud lacks when none can run it", async () => {
    using clouds = simulatedClouds()
    const { code, stderr } = await clouds.run("launch", "h100", "--yes")
    expect(code).toBe(exitCodes.usage.code)
    expect(stderr).toContain("vast/container needs --image")
    expect(stderr).toContain("huddle/vm needs --os, --ssh-key")
  })

  test("without a network it ends with 10", async () => {
    using clouds = simulatedClouds()
    const fetch = { vast: () => Promise.reject(new TypeError("fetch failed")) }
    const { code, stderr } = await clouds.runWith({ fetch }, ...order, "--yes", "--json")
    expect(code).toBe(exitCodes.network.code)
    expect(errorShape.parse(JSON.parse(stderr).error).tag).toBe("Network")
  })

  /** Presses Ctrl-C as soon as the machine was asked for, and some virtual time later. */
  const interrupted = async (clouds: Clouds, ...argv: ReadonlyArray<string>) => {
    const abort = new AbortController()
    const lastWords = new Set<() => string>()
    let words = ""
    clouds.simulators.vast.onRequest(({ method, path }) => {
      if (method !== "PUT" || !path.includes("asks")) return
      void clouds.clock.sleep(5000).then(() => {
        words = [...lastWords].map((say) => say()).join()
        abort.abort(new DOMException("Interrupted.", "AbortError"))
      })
    })
    const ran = await clouds.runWith({ signal: abort.signal, lastWords }, ...order, "--yes", ...argv)
    return { ...ran, words }
  }

  test("Ctrl-C ends what was made, and says so", async () => {
    using clouds = simulatedClouds()
    const { code, stdout, stderr, words } = await interrupted(clouds)
    expect({ code, stdout }).toEqual({ code: exitCodes.interrupted.code, stdout: "" })
    expect(stderr).toContain("interrupted: ending what was made")
    expect(stderr.endsWith("Interrupted. Nothing is left of this launch.\n")).toBe(true)
    expect(machinesOf(clouds)).toHaveLength(1)
    expect(aliveOf(clouds)).toEqual([])
    // What a second Ctrl-C would have said.
    expect(words).toContain(`anygpu terminate vast/container/${machinesOf(clouds)[0]?.id}`)
  })

  test("Ctrl-C names what could not be ended, and how to end it", async () => {
    using clouds = simulatedClouds()
    clouds.simulators.vast.fault({ on: { method: "DELETE" }, times: 1000, do: { kind: "status", status: 500 } })
    const { code, stderr } = await interrupted(clouds)
    expect(code).toBe(exitCodes.leftovers.code)
    const [machine] = aliveOf(clouds)
    expect(stderr).toContain(`End it with: anygpu terminate vast/container/${machine?.id}`)
  })
})
