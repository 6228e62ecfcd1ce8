import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { createClock, createVastSimulator } from "@anygpu/simulators"
import { afterEach, expect, it } from "vitest"

const folder = mkdtempSync(join(tmpdir(), "anygpu-kill-"))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const script = (body: string) => `
import { createGpu } from "anygpu"
import { sqliteLedger } from "anygpu/sqlite"
import { vast } from "@anygpu/vast"
using ledger = sqliteLedger(process.env.LEDGER)
const gpu = createGpu({ clouds: [vast({ apiKey: process.env.KEY, baseUrl: process.env.URL })], ledger })
${body}`

const launch = `
const [offer] = await gpu.offers({ kind: "container", limit: 1 })
const machine = await gpu.rent({ offer, name: "survivor", image: "ubuntu", key: "job-1" })
console.log(String(machine.ref))`

const recover = `
const { adopted, unsettled } = await gpu.recover()
console.log(adopted.map(({ ref }) => String(ref)).join() + "|" + unsettled.length)`

/** Runs a program of a user's in a process of its own, from this package's folder. */
const run = (body: string, env: Record<string, string>) => {
  const args = ["--conditions=anygpu-source", "--input-type=module", "--eval", script(body)]
  const child = spawn(process.execPath, args, {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"]
  })
  let output = ""
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString()
  })
  const done = once(child, "close").then(() => output.trim())
  return { child, done }
}

it("adopts the machine of a process that was killed between sending the create and reading its answer", async () => {
  const clock = createClock({ mode: { speed: 1 } })
  const simulator = createVastSimulator({ clock, rateLimits: false })
  await using server = await simulator.listen()
  const env = { LEDGER: join(folder, "ledger.db"), KEY: simulator.apiKey, URL: server.url }

  const disarm = simulator.fault({
    on: { method: "PUT", path: "/api/v0/asks/{id}/" },
    do: { kind: "hang", effect: true }
  })
  const first = run(launch, env)
  while (simulator.machines().length === 0 && first.child.exitCode === null) {
    await new Promise((done) => setTimeout(done, 5))
  }
  first.child.kill("SIGKILL")
  await first.done
  disarm()
  expect(simulator.machines()).toHaveLength(1)
  const made = `vast/container/${simulator.machines()[0]?.id}`

  expect(await run(recover, env).done).toBe(`${made}|0`)
  expect(await run(launch, env).done).toBe(made)
  expect(simulator.machines()).toHaveLength(1)
})
