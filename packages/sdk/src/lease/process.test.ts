import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { createClock, createVastSimulator } from "@anygpu/simulators"
import * as Effect from "effect/Effect"
import { afterAll, expect, it } from "vitest"
import { sqliteLedger } from "../sqlite.ts"

const folder = mkdtempSync(join(tmpdir(), "anygpu-lease-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const script = (body: string) => `
import { sweep } from ${JSON.stringify(fileURLToPath(new URL("../upkeep/sweep.ts", import.meta.url)))}
import { leaseWith } from ${JSON.stringify(fileURLToPath(new URL("lease.ts", import.meta.url)))}
import { leasePromised } from ${JSON.stringify(fileURLToPath(new URL("promised.ts", import.meta.url)))}
import { runner } from ${JSON.stringify(fileURLToPath(new URL("../client/promised.ts", import.meta.url)))}
import { makeGpu } from "anygpu/effect"
import { sqliteLedger } from "anygpu/sqlite"
import { vast } from "@anygpu/vast"
import { createClock } from "@anygpu/simulators"
const say = (text) => process.stdout.write(text + "\\n")
const ledger = sqliteLedger(process.env.LEDGER)
const cloud = vast({ apiKey: process.env.KEY, baseUrl: process.env.URL })
const gpu = makeGpu({ clouds: [cloud], ledger })
const run = runner(createClock({ mode: { speed: 10 }, start: new Date(process.env.NOW) }))
const lease = leasePromised(leaseWith({ rent: gpu.rent, terminate: gpu.terminate, ledger }), run)
const rent = async (ttl, image = "ubuntu") => {
  const [offer] = await run(gpu.offers({ kind: "container", limit: 1 }))
  return lease({ offer, name: "leased", image }, { ttl })
}
${body}`

/** Leases, and would work on the machine for an hour; says what it hears. */
const work = `
const machine = await rent("2 hours")
machine.signal.addEventListener("abort", () => say("its end began"))
say(String(machine.ref))
setTimeout(() => {}, 3_600_000)`

const sweeping = `
const { ended, failed, kept } = await run(sweep(Object.values(cloud.kinds), ledger))
say(JSON.stringify({ ended: ended.map(({ ref }) => ref), failed: failed.length, kept: kept.map(({ ref }) => ref) }))`

const noon = Date.parse("2026-03-01T12:00:00Z")

/**
 * Runs a program of a user's in a process of its own, on a clock that is ten times as fast and begins at noon or so many
 * hours later; `line` waits for the first line of its output.
 */
const run = (body: string, env: Record<string, string>, hours = 0) => {
  const args = ["--conditions=anygpu-source", "--input-type=module", "--eval", script(body)]
  const child = spawn(process.execPath, args, {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: { ...process.env, ...env, NOW: new Date(noon + hours * 3_600_000).toISOString() },
    stdio: ["ignore", "pipe", "pipe"]
  })
  let [output, errors] = ["", ""]
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const closed = once(child, "close")
  const line = async () => {
    while (!output.includes("\n") && child.exitCode === null) await once(child.stdout, "data")
    return output.trim()
  }
  const done = closed.then(() => ({ signal: child.signalCode, code: child.exitCode, output: output.trim(), errors }))
  return { child, line, done }
}

const cloud = async (name: string) => {
  const simulator = createVastSimulator({ clock: createClock({ mode: { speed: 1 } }), rateLimits: false })
  const server = await simulator.listen()
  const env = { LEDGER: join(folder, `${name}.db`), KEY: simulator.apiKey, URL: server.url }
  const alive = () => simulator.machines().filter((machine) => machine.alive).length
  return { simulator, env, alive, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

it("ends the machine on SIGINT, and then the process as the signal would have", async () => {
  await using world = await cloud("signal")
  const program = run(work, world.env)
  const ref = await program.line()
  expect(world.alive()).toBe(1)
  program.child.kill("SIGINT")
  expect(await program.done).toEqual({ signal: "SIGINT", code: null, output: `${ref}\nits end began`, errors: "" })
  expect(world.alive()).toBe(0)
  using ledger = sqliteLedger(world.env.LEDGER)
  expect(Effect.runSync(ledger.launches({ leased: true }))).toEqual([])
  expect(Effect.runSync(ledger.launches())).toHaveLength(1)
})

it("waits for a launch that is under way when the signal comes, to end its machine", async () => {
  await using world = await cloud("launching")
  world.simulator.fault({ on: { method: "PUT" }, do: { kind: "latency", ms: 500 } })
  const program = run(work, world.env)
  const isAsked = () => world.simulator.requests().some(({ method }) => method === "PUT")
  while (!isAsked() && program.child.exitCode === null) await new Promise((done) => setTimeout(done, 5))
  program.child.kill("SIGINT")
  expect(await program.done).toMatchObject({ signal: "SIGINT", errors: "" })
  expect(world.simulator.machines()).toHaveLength(1)
  expect(world.alive()).toBe(0)
})

it("leaves what becomes of the process to a listener of the program's own", async () => {
  await using world = await cloud("own")
  const own = `
process.on("SIGINT", async () => {
  say("heard")
  await machine.end()
  setTimeout(() => process.exit(7), 200)
})`
  const program = run(work + own, world.env)
  const ref = await program.line()
  program.child.kill("SIGINT")
  const { signal, code, output } = await program.done
  expect({ signal, code }).toEqual({ signal: null, code: 7 })
  expect(output.split("\n").sort()).toEqual(["heard", "its end began", ref].sort())
  expect(world.alive()).toBe(0)
})

it("has no handlers before a lease, nor after it", async () => {
  await using world = await cloud("handlers")
  const count = `say([process.listenerCount("SIGINT"), process.listenerCount("SIGTERM")].join())`
  const program = run(
    `${count}
{
  await using first = await rent("2 hours")
  await using second = await rent("2 hours")
  ${count}
  await first.end()
  ${count}
  await second.keep()
  ${count}
}
${count}
await rent("2 hours", "").catch((error) => say(error._tag))
${count}
process.exit(0)`,
    world.env
  )
  const { output } = await program.done
  expect(output.split("\n")).toEqual(["0,0", "1,1", "1,1", "0,0", "0,0", "InvalidRequest", "0,0"])
})

it("says what it could not end before the process is gone, and a sweep finds it", async () => {
  await using world = await cloud("down")
  const program = run(work, world.env)
  const [ref] = (await program.line()).split("\n")
  const disarm = world.simulator.fault({
    on: { method: "DELETE" },
    times: 1_000,
    do: { kind: "status", status: 401, json: { success: false, error: "auth_error", msg: "Invalid key" } }
  })
  program.child.kill("SIGTERM")
  const { signal, errors } = await program.done
  expect(signal).toBe("SIGTERM")
  expect(errors).toContain("a lease could not be ended")
  expect(world.alive()).toBe(1)
  disarm()
  const after = await run(sweeping, world.env, 3).done
  expect(after.output).toBe(JSON.stringify({ ended: [ref], failed: 0, kept: [] }))
  expect(world.alive()).toBe(0)
})

it("is swept by another process when its own was killed", async () => {
  await using world = await cloud("killed")
  const program = run(work, world.env)
  const [ref] = (await program.line()).split("\n")
  program.child.kill("SIGKILL")
  await program.done
  expect(world.alive()).toBe(1)
  const after = await run(sweeping, world.env, 3).done
  expect(after.output).toBe(JSON.stringify({ ended: [ref], failed: 0, kept: [] }))
  expect(world.alive()).toBe(0)
})

it("is swept also when the process was killed while the create was under way", async () => {
  await using world = await cloud("lost")
  const disarm = world.simulator.fault({ on: { method: "PUT" }, do: { kind: "hang", effect: true } })
  const program = run(work, world.env)
  while (world.simulator.machines().length === 0 && program.child.exitCode === null) {
    await new Promise((done) => setTimeout(done, 5))
  }
  program.child.kill("SIGKILL")
  await program.done
  disarm()
  expect(world.alive()).toBe(1)
  const { output } = await run(sweeping, world.env, 3).done
  expect(JSON.parse(output)).toMatchObject({
    ended: [`vast/container/${world.simulator.machines()[0]?.id}`],
    failed: 0
  })
  expect(world.alive()).toBe(0)
})
