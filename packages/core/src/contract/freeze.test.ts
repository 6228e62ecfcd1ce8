import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterEach, expect, it } from "vitest"

const folder = mkdtempSync(join(tmpdir(), "anygpu-freeze-"))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A process that launches under a key, and stops itself with SIGSTOP where it is said. */
const program = `
import { CurrentLedger, defineProvider, Listing } from "@anygpu/core"
import { endpoint, makeCaller } from "@anygpu/core/adapter"
import { sqliteLedger } from "@anygpu/core/sqlite"
import * as Effect from "effect/Effect"
import * as z from "zod"
const { LEDGER, URL, FREEZE } = process.env
const say = (text) => process.stdout.write(text + "\\n")
let frozen = false
const freeze = Effect.sync(() => {
  if (frozen) return
  frozen = true
  say("frozen")
  process.kill(process.pid, "SIGSTOP")
})
using kept = sqliteLedger(LEDGER)
const after = (step, write) => (step === FREEZE ? Effect.tap(write, () => freeze) : write)
const ledger = {
  ...kept,
  openLaunch: (launch) => after("openLaunch", kept.openLaunch(launch)),
  claimLaunch: (...claim) => after("claimLaunch", kept.claimLaunch(...claim))
}
const caller = makeCaller({ provider: "shed", baseUrl: URL, headers: () => ({}), secrets: [], classify: () => null })
const Row = z.object({ id: z.string(), marker: z.string() })
const at = (method, path, more) => endpoint({ operation: method + path, method, path, timeout: "1 second", source: "here", ...more })
const create = at("POST", "/machines", { body: z.object({ marker: z.string() }), answer: Row, repeat: "refused-only" })
const list = at("GET", "/machines", { answer: z.array(Row), repeat: "safe" })
const destroy = at("DELETE", "/machines/{id}", { answer: z.unknown(), repeat: "safe" })
const place = { country: null, region: null, native: null }
const all = caller.call(list).pipe(
  Effect.map((items) => new Listing({ items, complete: true, observedAt: new Date(), problems: [] }))
)
const provider = defineProvider({
  ...{ provider: "shed", kind: "container", launchOptions: [], requiredOptions: [], operations: {} },
  lifecycle: {
    domain: { state: ["up"] },
    rows: [{ when: { state: "up" }, status: "running", billing: "compute", actions: ["terminate"], note: "up", source: "here" }],
    fallback: { billing: "unknown", actions: [] }
  },
  timing: {
    ...{ pollEvery: "100 millis", bootWithin: "5 seconds", createWithin: "2 seconds" },
    ...{ appearWithin: "500 millis", terminateWithin: "5 seconds" }
  },
  offers: () => Effect.succeed(new Listing({ items: [], complete: true, observedAt: new Date(), problems: [] })),
  prepare: () => Effect.succeed({}),
  create: (_, { marker }) => Effect.map(caller.call(create, { body: { marker } }), ({ id }) => id),
  find: (marker) => Effect.map(all, (rows) => rows.with(rows.items.filter((row) => row.marker === marker))),
  read: (id) => Effect.map(all, ({ items }) => items.find((row) => row.id === id) ?? null),
  readAll: () => all,
  describe: ({ id, marker }) => ({
    ...{ id, marker, name: "job", gpu: null, vcpus: null, memoryMiB: null, storageMiB: null, pricePerHour: null },
    ...{ location: place, interruptible: false, endpoints: { ssh: [], ports: [], urls: [] } },
    ...{ createdAt: null, endsAt: null, native: {} }
  }),
  facts: () => ({ state: "up" }),
  destroy: (id) => caller.call(destroy, { params: { id } })
})
const offer = {
  ...{ id: "o1", provider: "shed", kind: "container", gpu: null, vcpus: null, memoryMiB: null, storageMiB: null },
  ...{ location: place, pricePerHour: { micros: 1, currency: "USD" }, minimumBid: null, terms: null, availability: "available" },
  ...{ interruptible: false, reliability: null, observedAt: new Date(), native: null }
}
const launch = provider.launch({ offer, name: "job", key: "nightly" })
const { ref } = await Effect.runPromise(Effect.provideService(launch, CurrentLedger, ledger))
say(String(ref))`

/** A cloud on this machine: machines by their ids, and how many were ever asked for. */
const shed = async () => {
  const machines = new Map<string, { readonly id: string; readonly marker: string }>()
  let creates = 0
  const server = createServer(async (request, response) => {
    let body = ""
    for await (const chunk of request) body += String(chunk)
    const answer = (value: unknown) => response.setHeader("content-type", "application/json").end(JSON.stringify(value))
    if (request.method === "GET") return answer([...machines.values()])
    if (request.method === "DELETE") return answer(machines.delete(request.url?.split("/").at(-1) ?? ""))
    creates += 1
    const made = { id: `s${creates}`, marker: String((JSON.parse(body) as { marker: string }).marker) }
    machines.set(made.id, made)
    answer(made)
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    ...{ machines, creates: () => creates, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    }
  }
}

const run = (env: Record<string, string>) => {
  const args = ["--conditions=anygpu-source", "--input-type=module", "--eval", program]
  const child = spawn(process.execPath, args, {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"]
  })
  let output = ""
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString()
  })
  const closed = once(child, "close")
  const frozen = async () => {
    while (!output.includes("frozen") && child.exitCode === null)
      await Promise.race([once(child.stdout, "data"), closed])
  }
  return { child, frozen, done: closed.then(() => output.trim().split("\n").at(-1)) }
}

it.each(["openLaunch", "claimLaunch"])(
  "a process that is stopped right after %s, while another one launches under its key: one machine, one create",
  { timeout: 240_000 },
  async (step) => {
    await using cloud = await shed()
    const env = { LEDGER: join(folder, `${step}.db`), URL: cloud.url }
    const first = run({ ...env, FREEZE: step })
    await first.frozen()
    const ref = await run(env).done
    first.child.kill("SIGCONT")
    expect(await first.done).toBe(ref)
    expect([...cloud.machines.keys()].map((id) => `shed/container/${id}`)).toEqual([ref])
    expect(cloud.creates()).toBe(1)
  }
)
