/** Every example runs here as its README says, on simulated clouds; what it prints is held to what it is there to show. */
import { execFile } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { clouds } from "@anygpu/clouds"
import { createVastSimulator } from "@anygpu/simulators"
import { fetchTransport, vast } from "@anygpu/vast"
import { createGpu, money } from "anygpu"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { openClouds } from "./clouds.ts"

const folder = import.meta.dirname
const keys = clouds.flatMap((cloud) => cloud.keys.flatMap(({ variables }) => variables))
/** No key of the user who runs the tests gets in, and a simulated hour of the command is a second. */
const environment = { ...process.env, ...Object.fromEntries(keys.map((key) => [key, ""])), ANYGPU_SIM_SPEED: "600" }

/** What an example prints, and how it ends. */
const run = (name: string, args: ReadonlyArray<string> = [], env: Readonly<Record<string, string>> = {}) =>
  new Promise<{ readonly output: string; readonly errors: string; readonly code: unknown }>((resolve) => {
    const argv = ["--conditions=anygpu-source", join(folder, name), ...args]
    const options = { env: { ...environment, ...env }, timeout: 60_000 }
    execFile(process.execPath, argv, options, (error, output, errors) =>
      resolve({ output, errors, code: error ? (error.code ?? error.signal) : 0 })
    )
  })

const shows: Readonly<Record<string, (output: string) => void>> = {
  "compare.ts": (output) => {
    const totals = output.split("\n").filter((row) => /^ *\d+ {2}\w/.test(row))
    expect(totals).toHaveLength(10)
    for (const cloud of ["vast", "runpod"]) expect(output).toMatch(new RegExp(`^ *\\d+ +${cloud} `, "m"))
    expect(output).toContain("huddle vm: 18 left out by gpuCount")
  },
  "train-with-a-lease.ts": (output) => {
    expect(output).toMatch(/^vast\/container\/\d+ is leased until 2026-01-01T02:00:00/m)
    expect(output).toMatch(/running, paid: compute[\s\S]+\| epoch 3 of 3[^\n]+\n\| training is done\n/)
    expect(output).toMatch(/is terminated, paid: none\n$/)
  },
  "failover.ts": (output) => {
    const [, third] = /trying fluence\/vm\ntrying vast\/vm\ntrying (\w+)\/vm\n/.exec(output) ?? []
    expect(output).toMatch(/^fluence .+: not-ready/m)
    expect(output).toMatch(/^vast .+: no-capacity/m)
    expect(output).toMatch(new RegExp(`^${third} .+: ready`, "m"))
    expect(output).toMatch(new RegExp(`^${third}/vm/\\S+ is ready: ssh `, "m"))
    expect(output).toMatch(/\nStill paid for: nothing\n$/)
  },
  "fleet.ts": (output) => {
    for (const at of [1, 2, 3, 4, 5, 6]) {
      const lines = output.split("\n").filter((row) => row.includes(`fleet-${at} `))
      expect(lines.some((row) => /running .*paid: compute/.test(row))).toBe(true)
      expect(lines.at(-1)).toMatch(/terminated .*paid: none/)
    }
    expect(output).not.toContain("not launched")
    expect(output).toMatch(/\nAll \d+ machines of the fleet are gone\.\n$/)
  },
  "effect.ts": (output) => {
    expect(output).toMatch(/^ {4}anygpu\.client\.waitUntilReady: ok, \d/m)
    expect(output).toMatch(/^vast\/container\/\d+ is ready: \d/m)
    expect(output).toMatch(/anygpu\.http destroyInstance: ok[\s\S]+ {2}anygpu\.terminate: ok, [^\n]+\n$/)
  },
  "agent.ts": (output) => {
    expect(output).toMatch(/^tools: .*compare.*launch, .*terminate/m)
    expect(output).toMatch(
      /^launched (\S+) for [\d.]+; it ends by itself at 20[^\n]+\n[\s\S]*^\1 is ready\n\1 is ended; left: nothing\n$/m
    )
  },
  "swap-providers.ts": (output) => {
    for (const { name } of clouds)
      expect(output).toMatch(new RegExp(`^ {2}${name}/(vm|container)/\\S+ is ready: ssh`, "m"))
    expect(output.match(/^ {2}ended/gm)).toHaveLength(clouds.length)
  }
}

describe("on simulated clouds", () => {
  it.each(Object.entries(shows))("%s", { timeout: 60_000 }, async (name, check) => {
    const { output, errors, code } = await run(name)
    expect({ code, errors }).toEqual({ code: 0, errors: name === "agent.ts" ? expect.any(String) : "" })
    expect(output).toContain("Simulated clouds")
    check(output)
  })

  it("is every example, and the page names each with its command", () => {
    const page = readFileSync(join(folder, "README.md"), "utf8")
    const programs = readdirSync(folder).filter((name) => /^[a-z-]+\.ts$/.test(name) && name !== "clouds.ts")
    expect(Object.keys(shows).toSorted()).toEqual(programs.toSorted())
    for (const name of programs) expect(page).toContain(`node --conditions=anygpu-source examples/${name}`)
  })
})

describe("on real clouds", () => {
  const env = { VAST_API_KEY: "key-of-a-test", FLUENCE_API_KEY: "" }
  beforeEach(() => void vi.spyOn(console, "log").mockImplementation(() => {}))
  afterEach(() => vi.restoreAllMocks())

  it.each(Object.keys(shows).filter((name) => name !== "compare.ts"))(
    "%s rents nothing without --spend",
    { timeout: 60_000 },
    async (name) => {
      const { output, errors, code } = await run(name, [], env)
      expect({ output, code }).toEqual({ output: "", code: 1 })
      expect(errors).toContain("say what they may cost together, such as --spend 5")
    }
  )

  it("launches nothing above --spend, and nothing at all without it", async () => {
    const simulator = createVastSimulator()
    const simulated = vast({ apiKey: simulator.apiKey, transport: fetchTransport(simulator.fetch) })
    const market = createGpu({ clouds: [simulated], clock: simulator.clock })
    const [offer] = await market.offers({ kind: "container", gpu: "RTX 4090", limit: 1 })
    if (!offer) throw new Error("no offer")
    const spec = { offer, name: "test", image: "ubuntu:24.04", ttl: "10 hours" } as const
    for (const args of [[], ["--spend", "2"]]) {
      const { options, simulators } = await openClouds({ env, args })
      expect({ clouds: options.clouds.map(({ name }) => name), simulators }).toEqual({
        clouds: ["vast"],
        simulators: null
      })
      // A request would fail this test: it may not reach another host.
      await expect(createGpu(options).rent(spec)).rejects.toMatchObject({ _tag: "OutOfFunds", ownLimit: true })
    }
    expect((await openClouds({ env, args: ["--spend", "2"] })).options.spendLimit).toEqual({ total: money(2) })
  })

  it("understands no other amounts and no other options", async () => {
    await expect(openClouds({ env, args: ["--spend", "much"] })).rejects.toThrow(/much/)
    await expect(openClouds({ env, args: ["--spent", "2"] })).rejects.toThrow(/--spent/)
  })
})
