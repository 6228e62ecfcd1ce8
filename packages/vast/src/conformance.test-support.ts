import type { Harness, SentRequest, Strokes, World } from "@anygpu/conformance"
import { type Kind, type Offer, scaleMoney } from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import { createVastSimulator, type VastSimulator } from "@anygpu/simulators"
import { vast } from "./index.ts"

const apiKey = "vast-conformance-key-93b1d7e2"
const sshKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef conformance@vast"
const vmImage = "docker.io/vastai/kvm:ubuntu_22.04"

type Send = (url: string, init: RequestInit) => Promise<Response>
/** What becomes of a request: `pass` sends it on. */
type Fate = (pass: () => Promise<Response>, init: RequestInit) => Promise<Response>

const broken = (code: string) =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(`the connection failed: ${code}`), { code }) })

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } })

const reset: Fate = async () => {
  throw broken("ECONNRESET")
}
const fails: Fate = async () => json(500, { success: false, error: "server_error", msg: "simulated failure" })
const limited: Fate = async () => json(429, { detail: "API requests too frequent endpoint threshold=2.0" })
const html: Fate = async () => new Response("<html>502</html>", { headers: { "content-type": "text/html" } })
const malformed: Fate = async () =>
  new Response("{'success': True, ]", { headers: { "content-type": "application/json" } })
const hangs: Fate = (_, { signal }) =>
  new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)))
const cut: Fate = async (pass) => {
  const text = await (await pass()).text()
  const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    controller.enqueue(new TextEncoder().encode(text.slice(0, text.length / 2)))
    controller.error(broken("ECONNRESET"))
  }
  return new Response(new ReadableStream({ start }))
}

/** The effect takes place, whatever the answer. */
const after =
  (fate: Fate): Fate =>
  async (pass, init) => {
    await pass()
    return fate(pass, init)
  }

/** A search and a request for logs are sent like changes, and change nothing. */
const isMutating = (method: string, path: string) =>
  method !== "GET" && path !== "/api/v0/bundles/" && !path.startsWith("/api/v0/instances/request_logs/")

interface Carrier {
  readonly requests: SentRequest[]
  readonly fates: Array<{ on: (request: SentRequest) => boolean; fate: Fate; times: number }>
  readonly tampered: Array<(path: string, body: Record<string, unknown>) => void>
}

/** The way to the simulator, on which everything can go wrong. */
const carrier = (simulator: VastSimulator): { readonly state: Carrier; readonly send: Send } => {
  const state: Carrier = { requests: [], fates: [], tampered: [] }
  const pass: Send = async (url, init) => {
    const response = await simulator.fetch(url, init)
    const path = new URL(url).pathname
    if (state.tampered.length === 0 || !response.headers.get("content-type")?.includes("json")) return response
    const body = await response.json()
    for (const tamper of state.tampered) tamper(path, body)
    return json(response.status, body)
  }
  const send: Send = async (url, init) => {
    const { pathname, search } = new URL(url)
    const method = init.method ?? "GET"
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined
    const request = { method, path: pathname + search, mutating: isMutating(method, pathname), body }
    const met = state.fates.find(({ on, times }) => times > 0 && on(request))
    if (met?.fate !== unreachable) state.requests.push(request)
    if (!met) return pass(url, init)
    met.times -= 1
    return met.fate(() => pass(url, init), init)
  }
  return { state, send }
}

const unreachable: Fate = async () => {
  throw broken("ECONNREFUSED")
}

const strokesOn = (simulator: VastSimulator, { fates, tampered }: Carrier, kind: Kind): Strokes => {
  const meet = (on: (request: SentRequest) => boolean, fate: Fate, times: number) => {
    const entry = { on, fate, times }
    fates.push(entry)
    return () => {
      entry.times = 0
    }
  }
  const create = (fate: Fate) => () => void meet(({ path }) => path.startsWith("/api/v0/asks/"), fate, 1)
  const reads = (fate: Fate) => (times: number) => meet(({ mutating }) => !mutating, fate, times)
  const refused = (error: string, msg: string) => json(400, { success: false, error, msg })
  const rows = (body: Record<string, unknown>, name: string) => {
    const found = body[name]
    return Array.isArray(found) ? (found as Array<Record<string, unknown>>) : []
  }
  return {
    createLostAfter: create(after(reset)),
    createLostBefore: create(reset),
    createHangs: create(after(hangs)),
    createFailsAfter: create(after(fails)),
    createFailsBefore: create(fails),
    createHtmlAfter: create(after(html)),
    createCutAfter: create(cut),
    createLimited: create(limited),
    createRefusedForCapacity: create(async () => refused("invalid_args", "error 404/3603: no_such_ask not available.")),
    createRefusedForFunds: create(async () => refused("insufficient_credit", "Insufficient credits")),
    createRefusedButMade: () => {
      const msg = "Required resources are currently unavailable"
      const on = { method: "PUT", path: "/api/v0/asks/{id}/" }
      simulator.fault({ on, do: { kind: "refuse", error: "resources_unavailable", msg, made: true } })
    },
    readsFail: reads(fails),
    readsReset: reads(reset),
    readsLimited: reads(limited),
    readsHtml: reads(html),
    readsCut: reads(cut),
    readsMalformed: reads(malformed),
    unreachable: () => meet(() => true, unreachable, Number.POSITIVE_INFINITY),
    fillPages: () =>
      Array.from({ length: 30 }, () => String(simulator.addMachine(kind === "vm" ? { image: vmImage } : {}))),
    breakLaterPages: () => meet(({ path }) => path.includes("after_token="), fails, Number.POSITIVE_INFINITY),
    malformMachine: (id) => {
      tampered.push((_, body) => {
        for (const row of rows(body, "instances")) if (String(row.id) === id) row.gpu_name = { odd: true }
      })
    },
    malformOffer: () => {
      tampered.push((_, body) => {
        const [row] = rows(body, "offers")
        if (row) row.gpu_name = { odd: true }
      })
    },
    unknownStatus: (id) => simulator.setStatus(Number(id), { actual_status: "hibernating" }),
    removeOutside: async (id) => {
      const console = { method: "DELETE", headers: { authorization: `Bearer ${simulator.apiKey}` } }
      const url = `${simulator.origin}/api/v0/instances/${id}/`
      while ((await simulator.fetch(url, console)).status === 429) await simulator.clock.sleep(3000)
    },
    freezeDestroy: (times) =>
      meet(
        ({ method }) => method === "DELETE",
        async () => json(200, { success: true }),
        times
      ),
    exitMachine: (id) => simulator.exitContainer(Number(id)),
    writeLog: (id, line) => simulator.writeLog(Number(id), line)
  }
}

/** Leaves only machines with open ports on the market: a launch that wants ports has to fit on every offer. */
const openMarket = async (simulator: VastSimulator): Promise<void> => {
  const headers = { authorization: `Bearer ${apiKey}` }
  const body = JSON.stringify({ limit: 1000 })
  const answer = await simulator.fetch(`${simulator.origin}/api/v0/bundles/`, { method: "POST", headers, body })
  const { offers }: { offers: ReadonlyArray<{ id: number; direct_port_count: number }> } = await answer.json()
  for (const { id, direct_port_count } of offers) if (direct_port_count < 2) simulator.removeOffer(id)
}

/** A launch with everything that fits together on the offer. */
const specOn = (offer: Offer) => {
  const bid = offer.interruptible
    ? { bid: scaleMoney(offer.minimumBid ?? offer.price ?? { micros: 1e6, currency: "USD" }, 2) }
    : {}
  const common = { offer, name: "training", sshKeys: [sshKey], diskMiB: 20_480, ...bid }
  if (offer.kind === "vm") return { ...common, os: "ubuntu_22.04" }
  return {
    ...common,
    image: "ubuntu:22.04",
    env: { HF_TOKEN: "hf-conformance-secret-4711" },
    onStart: "echo up",
    registry: { host: "docker.io", username: "me", password: "registry-conformance-secret" },
    ports: [{ port: 8000 }]
  }
}

const open = async (kind: "container" | "vm"): Promise<World> => {
  const simulator = createVastSimulator({ apiKey, credit: 1000, offers: 80 })
  await openMarket(simulator)
  const { state, send } = carrier(simulator)
  const transport = fetchTransport(send)
  return {
    secret: apiKey,
    time: simulator.clock,
    connect: (key) => vast({ apiKey: key, transport }).kinds[kind === "vm" ? "vms" : "containers"],
    spec: specOn,
    unknownId: "999999999",
    machines: () =>
      simulator.machines().map(({ id, label, alive, actualStatus }) => ({
        ...{ id: String(id), name: label, alive, running: alive && actualStatus === "running" }
      })),
    requests: () => state.requests.slice(),
    strokes: strokesOn(simulator, state, kind),
    close: () => simulator.clock.close()
  }
}

/** The simulated Vast as the conformance suite takes it, for containers or for VMs. */
export const vastHarness = (kind: "container" | "vm"): Harness => ({ name: `Vast.ai ${kind}s`, open: () => open(kind) })
