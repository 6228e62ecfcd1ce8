import { join } from "node:path"
import { exitCodes } from "@anygpu/operations/failure"
import { errorShape } from "@anygpu/operations/protocol"
import { sqliteLedger } from "anygpu/sqlite"
import { runPromise } from "effect/Effect"
import { describe, expect, test } from "vitest"
import { launchShape } from "../json/launch.ts"
import { simulatedClouds } from "../testing/clouds.ts"

type Clouds = ReturnType<typeof simulatedClouds>

const order = ["launch", "h100", "--cloud", "vast", "--image", "a/b:1", "--key", "job-7", "--yes"]

const machinesOf = ({ simulators }: Clouds) => Object.values(simulators).flatMap((simulator) => simulator.truth())

/** How often the market was asked so far. */
const looksOf = ({ simulators }: Clouds) =>
  simulators.vast.requests().filter(({ path }) => path.includes("bundles")).length

/** The offers of every H100 on the market. */
const offersOf = async (clouds: Clouds): Promise<ReadonlyArray<number>> => {
  const { stdout } = await clouds.run("offers", "h100", "--cloud", "vast", "--json", "--limit", "0")
  return JSON.parse(stdout).offers.map(({ id }: { readonly id: string }) => Number(id))
}

describe("anygpu launch --key", () => {
  test("asks the ledger first: the same key again prints its machine, whatever the market has", async () => {
    using clouds = simulatedClouds()
    const first = launchShape.parse(JSON.parse((await clouds.run(...order, "--json")).stdout))
    for (const id of await offersOf(clouds)) clouds.simulators.vast.takeOffer(id)
    const before = looksOf(clouds)
    for (const more of [[], ["--max-total", "0.01"], ["--no-wait"]]) {
      const { code, stdout } = await clouds.run(...order, ...more, "--json")
      const { machine, quote, trail } = launchShape.strict().parse(JSON.parse(stdout))
      expect({ code, ref: machine.ref, quote, trail }).toEqual({
        code: 0,
        ref: first.machine.ref,
        quote: null,
        trail: []
      })
    }
    const text = await clouds.run(...order)
    expect(text.stdout).toContain(`machine   ${first.machine.ref} (job-7)\n`)
    expect(text.stderr).toBe('The key "job-7" names this machine already: nothing was rented now.\n')
    expect(looksOf(clouds)).toBe(before)
    expect(machinesOf(clouds)).toHaveLength(1)
  })

  test("asks nobody for a yes where nothing is rented", async () => {
    using clouds = simulatedClouds()
    await clouds.run(...order)
    const again = await clouds.runWith({ columns: 80 }, ...order.filter((word) => word !== "--yes"))
    expect(again.code).toBe(0)
    expect(again.stderr).not.toContain("Rent it?")
  })

  test("says until when its machine is rented, not what this call asks for", async () => {
    using clouds = simulatedClouds()
    expect((await clouds.run(...order, "--ttl", "4h")).stdout).toMatch(
      /^ttl +anygpu sweep ends it after 2026-01-01 04:0/m
    )
    expect((await clouds.run(...order, "--ttl", "9h")).stdout).toMatch(
      /^ttl +anygpu sweep ends it after 2026-01-01 04:0/m
    )
    expect((await clouds.run(...order)).stdout).toMatch(/^ttl +anygpu sweep ends it after 2026-01-01 04:0/m)
  })

  test.each<[ReadonlyArray<string>, string]>([
    [["--name", "other"], 'name "job-7", not "other"'],
    [["--image", "a/b:2"], 'image "a/b:1", not "a/b:2"'],
    [["--env", "A=1"], "variables none, not A"],
    [["--port", "8000"], "ports none, not 8000/tcp"],
    [["--disk", "333GB"], "disk in MiB none, not"],
    [["--country", "AQ"], "not countries AQ"],
    [["--count", "9"], "not gpuCount 9"],
    [["--kind", "vm"], 'kind "container", not "vm"'],
    [["--interruptible", "--bid", "9"], "on an offer that is not interruptible"]
  ])("with %j is the key of another launch", async (more, says) => {
    using clouds = simulatedClouds()
    await clouds.run(...order)
    const before = looksOf(clouds)
    const { code, stdout, stderr } = await clouds.run(...order, ...more, "--json")
    expect({ code, stdout }).toEqual({ code: exitCodes.state.code, stdout: "" })
    const { tag, message } = errorShape.parse(JSON.parse(stderr).error)
    expect(tag).toBe("Conflict")
    expect(message).toContain('The key "job-7" was used for another launch (')
    expect(message).toContain(says)
    expect([looksOf(clouds), machinesOf(clouds).length]).toEqual([before, 1])
  })

  test.each([
    [["launch", "rtx 4090", "--cloud", "vast"], "not gpu rtx 4090"],
    [["launch", "h100", "--cloud", "fluence"], "on vast container, which this client does not have"],
    [["launch", "vast/container/1"], "not vast/container/1)"]
  ])("of %j is the key of another launch", async (call, says) => {
    using clouds = simulatedClouds()
    await clouds.run(...order)
    const { code, stderr } = await clouds.run(...call, "--image", "a/b:1", "--key", "job-7", "--yes")
    expect(code).toBe(exitCodes.state.code)
    expect(stderr).toContain(says)
    expect(machinesOf(clouds)).toHaveLength(1)
  })

  test("answers for the offer that was named, also by its short name", async () => {
    using clouds = simulatedClouds()
    const cloud = ["--cloud", "fluence", "--kind", "container"]
    const { offers } = JSON.parse((await clouds.run("offers", "h100", ...cloud, "--json")).stdout)
    const short = /^fluence\/container\/[0-9a-f]{8}@\S+/m.exec(
      (await clouds.run("offers", "h100", ...cloud)).stdout
    )?.[0]
    const call = (offer: string) => [
      "launch",
      offer,
      "--image",
      "docker.io/a/b:1",
      "--port",
      "80/http",
      "--key",
      "k",
      "--yes",
      "--json"
    ]
    const first = JSON.parse((await clouds.run(...call(offers[0].ref))).stdout)
    for (const offer of [offers[0].ref, short ?? ""]) {
      expect(JSON.parse((await clouds.run(...call(offer))).stdout).machine.ref).toBe(first.machine.ref)
    }
    expect((await clouds.run(...call(offers[1].ref))).code).toBe(exitCodes.state.code)
  })

  test("is a Conflict once its machine has ended, and free once its launch was refused", async () => {
    using clouds = simulatedClouds()
    const { machine } = JSON.parse((await clouds.run(...order, "--json")).stdout)
    await clouds.run("terminate", machine.ref, "--yes")
    const over = await clouds.run(...order)
    expect(over.code).toBe(exitCodes.state.code)
    expect(over.stderr).toContain(`The key "job-7" names ${machine.ref}, which is terminated: nothing was rented`)
    const { vast } = clouds.simulators
    const other = [...order, "--key", "job-8", "--no-wait"]
    vast.fault({ on: { method: "PUT", path: /asks/ }, times: 1, do: { kind: "status", status: 400 } })
    expect((await clouds.run(...other)).code).not.toBe(0)
    expect((await clouds.run(...other)).code).toBe(0)
  })

  test("never rents while the cloud of its machine cannot be reached", async () => {
    using clouds = simulatedClouds()
    await clouds.run(...order)
    const fetch = { vast: () => Promise.reject(new TypeError("fetch failed")) }
    expect((await clouds.runWith({ fetch }, ...order)).code).toBe(exitCodes.network.code)
  })

  test("several calls at once: one machine, printed by all", async () => {
    using clouds = simulatedClouds()
    const calls = [[], ["--no-wait"], [], ["--no-wait"]].map((more) => clouds.run(...order, "--json", ...more))
    const ran = await Promise.all(calls)
    expect(ran.map(({ code, stderr }) => ({ code, stderr }))).toEqual(ran.map(() => ({ code: 0, stderr: "" })))
    expect(new Set(ran.map(({ stdout }) => JSON.parse(stdout).machine.ref)).size).toBe(1)
    expect(machinesOf(clouds)).toHaveLength(1)
  })

  test.each([[[]], [["--no-wait"]]])("with %j asks the ledger again when it finds no offer any more", async (more) => {
    using clouds = simulatedClouds()
    const { vast } = clouds.simulators
    const elsewhere = join(clouds.folder, "elsewhere.db")
    await clouds.run(...order, "--ledger", elsewhere)
    const ids = await offersOf(clouds)
    let isTaken = false
    // Between the first look into the ledger and the answer of the market another call takes the key and the last offers.
    const late: typeof vast.fetch = async (url, init) => {
      if (!isTaken && String(url).includes("bundles")) {
        isTaken = true
        const release = clouds.clock.hold()
        using from = sqliteLedger(elsewhere)
        using to = sqliteLedger(clouds.env.ANYGPU_LEDGER)
        const [launch] = await runPromise(from.launches())
        if (launch?.instanceId) {
          await runPromise(to.openLaunch({ ...launch, state: "open", instanceId: null }))
          await runPromise(to.settleLaunch(launch.marker, { state: "created", instanceId: launch.instanceId }))
        }
        for (const id of ids) vast.takeOffer(id)
        release()
      }
      return await vast.fetch(url, init)
    }
    const { code, stdout, stderr } = await clouds.runWith({ fetch: { vast: late } }, ...order, ...more, "--json")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(JSON.parse(stdout).machine.ref).toBe(`vast/container/${machinesOf(clouds)[0]?.id}`)
    expect(machinesOf(clouds)).toHaveLength(1)
  })

  test("of several calls at once with other wishes, those are a Conflict", async () => {
    using clouds = simulatedClouds()
    const other = ["launch", "rtx 4090", ...order.slice(2)]
    const ran = await Promise.all([order, other, order, other].map((call) => clouds.run(...call, "--json")))
    expect(ran.map(({ code }) => code).sort()).toEqual([0, 0, exitCodes.state.code, exitCodes.state.code])
    expect(ran[0]?.code).toBe(ran[2]?.code)
    expect(machinesOf(clouds)).toHaveLength(1)
  })
})
