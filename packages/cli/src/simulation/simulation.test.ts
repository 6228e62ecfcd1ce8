import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { Server, Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { PassThrough } from "node:stream"
import { listShape } from "@anygpu/operations/protocol"
import { createClock, type VirtualClock } from "@anygpu/simulators"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { makeContext } from "../context.ts"
import type { Settings } from "../settings.ts"
import { simulatedClouds } from "../testing/clouds.ts"
import { runIn, type TerminalOptions } from "../testing/terminal.ts"
import { simulate } from "./index.ts"

let folder = ""
let state = ""
let clock: VirtualClock
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "anygpu-sim-"))
  state = join(folder, "deep", "simulation.db")
  clock = createClock()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const run = (...argv: ReadonlyArray<string>) => runWith({}, ...argv)
const runWith = (options: TerminalOptions, ...argv: ReadonlyArray<string>) =>
  runIn({ clock, ...options, env: { ANYGPU_SIM_STATE: state, ...options.env } }, "--sim", ...argv)

const settings: Settings = {
  ...{ json: false, quiet: true, input: false, color: false, sim: true },
  ...{
    simState: undefined,
    config: undefined,
    ledger: undefined,
    answerWithin: undefined,
    clouds: null,
    accounts: null
  }
}

/** A client on the simulated clouds, as a command has it. */
const open = async () => {
  const simulation = await simulate(
    {
      ...{ stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough(), clock },
      ...{ env: { ANYGPU_SIM_STATE: state }, signal: new AbortController().signal }
    },
    settings
  )
  const context = makeContext(simulation.io, settings)
  return {
    gpu: await context.gpu(),
    now: context.now,
    [Symbol.asyncDispose]: async () => {
      await context[Symbol.asyncDispose]()
      simulation[Symbol.dispose]()
    }
  }
}

/** Rents the `rank`-th cheapest container of Vast and waits until it is up. */
const rent = async (name: string, rank = 0, sshKeys: ReadonlyArray<string> = []) => {
  await using client = await open()
  const offer = (await client.gpu.offers({ kind: "container", gpu: "RTX 4090" })).items.filter(
    ({ provider }) => provider === "vast"
  )[rank]
  if (!offer) throw new Error("no offer")
  const { ref } = await client.gpu.rent({ offer, name, image: "ubuntu:24.04", sshKeys })
  await client.gpu.waitUntilReady(ref)
  return String(ref)
}

const listed = async () => listShape.parse(JSON.parse((await run("list", "--json")).stdout)).machines

describe("--sim", () => {
  test("needs no key, uses none that is there, opens no port and connects to none", async () => {
    const spies = [vi.spyOn(Server.prototype, "listen"), vi.spyOn(Socket.prototype, "connect")]
    const env = {
      VAST_API_KEY: "real-key",
      VAST_BASE_URL: "http://127.0.0.1:1",
      ANYGPU_LEDGER: join(folder, "real.db")
    }
    const { code, stdout } = await runWith({ env }, "offers", "h100", "--limit", "0")
    expect(code).toBe(0)
    for (const cloud of ["fluence/", "huddle/", "vast/"]) expect(stdout).toContain(`\n${cloud}`)
    expect(() => new DatabaseSync(env.ANYGPU_LEDGER, { readOnly: true })).toThrow("unable to open")
    for (const spy of spies) {
      expect(spy).not.toHaveBeenCalled()
      spy.mockRestore()
    }
  })

  test("says once that it is simulated, and how much time has passed", async () => {
    const first = await run("balance")
    expect(first.stderr).toMatch(/^Simulated clouds: no account, no money.* 60 times .*\n.*simulation\.db: delete it/)
    await clock.sleep(120_000)
    const second = await run("balance")
    expect(second.stderr).toMatch(/^simulated: it is 2026-01-01 02:0\d UTC there, 2h after the last command\n/)
    expect((await run("balance", "--json")).stderr).toBe("")
    expect((await run("balance", "--quiet")).stderr).not.toContain("simulated")
  })

  test("keeps machines, money and ledger from one command to the next", async () => {
    const ref = await rent("trainer")
    expect(await listed()).toMatchObject([{ ref, name: "trainer", status: "running" }])
    const before = (await run("balance", "--json", "--cloud", "vast")).stdout
    await clock.sleep(60_000)
    expect((await run("balance", "--json", "--cloud", "vast")).stdout).not.toBe(before)
    await using client = await open()
    const { unclaimed, perHour } = await client.gpu.audit()
    expect({ unclaimed, paid: perHour.all.length }).toEqual({ unclaimed: [], paid: 1 })
    await client.gpu.terminate(ref)
    expect(await listed()).toEqual([])
  })

  test("runs ssh to the machine on a port of this computer, and prints the documented address", async () => {
    await rent("trainer")
    const env = { PATH: folder }
    const called = join(folder, "called")
    writeFileSync(join(folder, "ssh"), `#!/bin/sh\necho "$@" > ${called}\nexit 7\n`, { mode: 0o755 })
    expect(await runWith({ env }, "ssh", "trainer", "--", "nvidia-smi")).toMatchObject({ code: 7, stdout: "" })
    const words = /UserKnownHostsFile=\/dev\/null .*-p \d+ root@127\.0\.0\.1 nvidia-smi\n$/
    expect(readFileSync(called, "utf8")).toMatch(words)
    expect((await run("ssh", "trainer", "--print")).stdout).toMatch(/^ssh -p \d+ root@(?!127\.)\S+\n$/)
  })

  test("uses a machine within one command, with the launch's key", async () => {
    const key = join(folder, "id")
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key])
    await rent("trainer", 0, [readFileSync(`${key}.pub`, "utf8")])
    // A login takes real time.
    const real = createClock({ mode: { speed: 1 }, start: new Date(clock.now()) })
    const exec = (line: string) => runWith({ clock: real, ssh: { key, agent: false } }, "exec", "trainer", "--", line)
    const ran = await exec("nvidia-smi -L; echo kept > f; cat f; exit 5")
    expect([ran.code, ran.stdout]).toEqual([5, expect.stringMatching(/^GPU 0: NVIDIA.*kept\n$/s)])
    expect((await exec("cat f")).code).toBe(1)
    real.close()
  })

  test("waits in a sixtieth of the time", async () => {
    const before = clock.now()
    await rent("trainer")
    const real = clock.now() - before
    expect(real).toBeGreaterThan(1000)
    expect(real).toBeLessThan(6000)
  })

  test("no more than a day passes between two commands", async () => {
    await run("balance")
    await clock.sleep(8 * 3_600_000)
    const { stderr } = await run("balance")
    expect(stderr).toContain("it is 2026-01-02 00:0")
    expect(stderr).toContain("1d after the last command")
  })

  test("commands at once lose nothing of each other", async () => {
    const refs = await Promise.all([rent("one", 0), rent("two", 1), rent("three", 2)])
    expect(new Set(refs).size).toBe(3)
    expect((await listed()).map(({ ref }) => ref).sort()).toEqual([...refs].sort())
  })

  test("the same seed gives the same world, and --sim-state another file", async () => {
    const other = join(folder, "other.db")
    const offersOf = async (file: string, seed: string) =>
      (await runWith({ env: { ANYGPU_SIM_SEED: seed } }, "offers", "--json", "--limit=0", "--sim-state", file)).stdout
    const [first, second] = [await offersOf(state, "7"), await offersOf(other, "7")]
    const shown = (text: string) => JSON.parse(text).offers.map(({ id }: { readonly id: string }) => id)
    expect(shown(first)).toEqual(shown(second))
    expect(shown(await offersOf(join(folder, "third.db"), "8"))).not.toEqual(shown(first))
  })
})

describe("what --sim refuses", () => {
  test("the ledger of real launches, which it leaves as it is", async () => {
    using clouds = simulatedClouds(clock)
    const ref = await clouds.rent("real")
    const { code, stderr } = await run("list", "--sim-state", clouds.env.ANYGPU_LEDGER)
    expect({ code, stderr }).toMatchObject({ code: 2 })
    expect(stderr).toContain("is the ledger of real launches")
    expect((await clouds.run("list")).stdout).toContain(String(ref.ref))
    using probe = new DatabaseSync(clouds.env.ANYGPU_LEDGER)
    expect(probe.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'simul%'").all()).toEqual([])
  })

  test("a file that is something else, or of another version", async () => {
    const text = join(folder, "notes.txt")
    writeFileSync(text, "not a database, but something that must not be lost")
    expect((await run("list", "--sim-state", text)).code).not.toBe(0)
    await run("balance")
    // Of the first version were files whose worlds no simulator takes any more.
    for (const version of [1, 5000]) {
      {
        using file = new DatabaseSync(state)
        file.prepare("UPDATE simulation SET version = ?").run(version)
      }
      const { code, stderr } = await run("balance")
      expect(code).toBe(2)
      expect(stderr).toContain("another version of anygpu: delete it to start again")
    }
  })

  test.each([
    [["--ledger", "x.db"], {}, "--ledger: is for real clouds"],
    [["--config", "x.json"], {}, "--config: is for real clouds"],
    [[], { ANYGPU_SIM_SPEED: "fast" }, 'ANYGPU_SIM_SPEED: "fast" is not'],
    [[], { ANYGPU_SIM_SPEED: "0" }, 'ANYGPU_SIM_SPEED: "0" is not'],
    [[], { ANYGPU_SIM_SEED: "1.5" }, 'ANYGPU_SIM_SEED: "1.5" is not']
  ])("%j with %j", async (argv, env, message) => {
    const { code, stdout, stderr } = await runWith({ env }, "list", ...argv)
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr).toContain(message)
  })
})
