import {
  CurrentLedger,
  clockFrom,
  type GpuError,
  isGpuError,
  type LaunchSpec,
  memoryLedger,
  Network
} from "@anygpu/core"
import type { Transport, WireRequest } from "@anygpu/core/adapter"
import { createClock } from "@anygpu/simulators"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import offers from "./fixtures/offers.json" with { type: "json" }
import { huddle } from "./index.ts"

/** A key that must show up nowhere. */
export const apiKey = "mk_5d1f0c9ab7e24680"

/** Two texts of one key with its fingerprint as ssh-keygen prints it, and another one. */
export const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPRyQpp2azm5mMPCAyap8ulgPLVDbt5PyG3DZ//90V1S me@laptop"
export const sameKey = publicKey.replace("me@laptop", "me@work")
export const fingerprint = "SHA256:HeuDED0UMALaWSzUCyrrujiq8B8AotRldB9aFVVr8pQ"
export const otherKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG90aGVyMDEyMzQ1Njc4OWFiY2RlZkFCQ0RFRg== other@laptop"

/** A reply as the wire has it: JSON unless a text is given; `lost` when the connection breaks instead, `late` by so many ms. */
export type Reply = {
  readonly status?: number
  readonly json?: unknown
  readonly text?: string
  readonly type?: string
  readonly lost?: boolean
  readonly late?: number
}

/** What one route answers: always the same, in turn (the last one for ever), or by what it was asked. */
export type Route = Reply | ReadonlyArray<Reply> | ((request: WireRequest, call: number) => Reply)

/** The `data` of an answer. */
export const ok = (data: unknown): Reply => ({ json: { code: "OK", data } })

/** A list in the shape with `data.data` and `data.meta`. */
export const page = (rows: ReadonlyArray<unknown>, meta: unknown = { total: rows.length }): Reply =>
  ok({ data: rows, meta })

/** An error as the documents have it. */
export const refusal = (status: number, code: string, error = "no"): Reply => ({ status, json: { code, error } })

const base = "https://gpu.huddleapis.com/api/v1"

const isList = (route: Route): route is ReadonlyArray<Reply> => Array.isArray(route)

const replyOf = (route: Route, request: WireRequest, call: number): Reply => {
  if (typeof route === "function") return route(request, call)
  return isList(route) ? (route[Math.min(call, route.length - 1)] ?? {}) : route
}

/** A machine's row, made up after the one the documents show: none of them shows a list of machines. */
export const row = (more: object = {}) => ({
  id: "dep_abc123",
  provider_id: "verda-id",
  hostname: "job",
  cluster_type: "1A100.22V",
  location: "FIN-01",
  status: "running",
  ip: "95.216.229.232",
  ssh_user: "ubuntu",
  specs: { gpu_model: "A100", gpu_count: 1, gpu_vram_gb: 80, vcpu_count: 22, ram_gb: 120, price_per_hr: 0.965 },
  created_at: "2026-01-01T00:00:00Z",
  ...more
})

/**
 * A Huddle01 that answers by `METHOD /path` and keeps what was sent. The account has credit, one type of machine and
 * one key unless the routes say otherwise; a route that is not there fails the test.
 */
export const world = (given: Readonly<Record<string, Route>> = {}) => {
  const routes: Readonly<Record<string, Route>> = {
    "GET /billing/balance": ok({ balance_cents: 5000, balance_usd: 50 }),
    "GET /gpus/available": page(offers.data.data),
    "GET /ssh-keys": ok([{ id: "sk_abc123", name: "my-laptop", fingerprint, key_type: "ed25519" }]),
    "GET /volumes": page([]),
    ...given
  }
  const sent: Array<WireRequest & { readonly route: string; readonly at: number }> = []
  const clock = createClock()
  const ledger = memoryLedger()
  const transport: Transport = (request) =>
    Effect.suspend(() => {
      const route = `${request.method} ${decodeURIComponent(new URL(request.url).pathname).slice("/api/v1".length)}`
      const found = routes[route]
      if (found === undefined) throw new Error(`nothing answers ${route}`)
      const call = sent.filter((other) => other.route === route).length
      sent.push({ ...request, route, at: clock.now() })
      const { status = 200, json, text, type, lost, late = 0 } = replyOf(found, request, call)
      if (lost) return Effect.fail(new Network({ message: "reset", retry: "temporary", sent: "maybe" }))
      const answer = {
        status,
        headers: { "content-type": type ?? (text === undefined ? "application/json" : "text/plain") },
        text: text ?? JSON.stringify(json ?? null)
      }
      return late > 0 ? Effect.as(Effect.sleep(late), answer) : Effect.succeed(answer)
    })
  const run = <A>(effect: Effect.Effect<A, unknown>): Promise<A> =>
    Effect.runPromise(
      effect.pipe(Effect.provideService(Clock.Clock, clockFrom(clock)), Effect.provideService(CurrentLedger, ledger))
    )
  const fails = async (effect: Effect.Effect<unknown, GpuError>): Promise<GpuError> => {
    const error = await run(Effect.flip(effect))
    if (!isGpuError(error)) throw error
    return error
  }
  const cloud = huddle({ apiKey, transport })
  const { vms } = cloud
  type Spec = Omit<
    LaunchSpec<"huddle", "vm", "os" | "sshKeys" | "diskMiB" | "volumes" | "location" | "description">,
    "offer"
  >
  const offer = async () => {
    const [first] = (await run(vms.offers())).items
    if (!first) throw new Error("the market is empty")
    return first
  }
  const launch = async (more: Partial<Spec> = {}) =>
    vms.launch({ offer: await offer(), name: "job", os: "ubuntu-24.04", sshKeys: [publicKey], ...more })
  return {
    clock,
    ledger,
    run,
    fails,
    cloud,
    vms,
    sent,
    offer,
    launch,
    to: (route: string) => sent.filter((request) => request.route === route),
    pass: (ms: number) => run(Effect.sleep(ms))
  }
}

/** The whole address of a path. */
export const address = (path: string) => `${base}${path}`
