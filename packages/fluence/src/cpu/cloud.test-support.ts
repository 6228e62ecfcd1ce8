import {
  CurrentLedger,
  clockFrom,
  type GpuError,
  InstanceRef,
  isGpuError,
  type Money,
  memoryLedger,
  type PortRequest
} from "@anygpu/core"
import { makeCaller, nativeClient, type Transport, type WireRequest, type WireResponse } from "@anygpu/core/adapter"
import { createClock } from "@anygpu/simulators"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { account } from "../account.ts"
import { classify } from "../errors.ts"
import { cpuEndpoints } from "./endpoints.ts"
import answers from "./fixtures/answers.json" with { type: "json" }
import { cpuVms } from "./provider.ts"

export const apiKey = "fluence-key-7c1d0a94be52"
export const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef me@laptop"
export const image = "https://cloud-images.ubuntu.com/releases/22.04/release/ubuntu-22.04-server-cloudimg-amd64.img"

/** The ids of the documents. */
export const id = "0x311edB209b61EaA8c3e67c6B96D03288DB5Bc020"
export const otherId = "0x79F7D3F8c1A2D7B4A890a1B5cE3EfCd8D6E7F8a9"

/** A reply as the wire has it; `takes` is how many milliseconds it is under way. */
export interface Reply {
  readonly takes?: number
  readonly status?: number
  readonly json?: unknown
  readonly text?: string
}

type Route = Reply | ((request: WireRequest) => Reply)

const toResponse = ({ status = 200, json, text = JSON.stringify(json) ?? "" }: Reply): WireResponse => ({
  status,
  headers: text ? { "content-type": "application/json" } : {},
  text
})

/** A Fluence that answers each route, such as `GET /vms/v2`, in its own way, keeps what was sent, and knows no other. */
export const cloudOf = (routes: Readonly<Record<string, Route>>) => {
  const sent: Array<{
    readonly route: string
    readonly body: unknown
    readonly at: number
    readonly request: WireRequest
  }> = []
  const clock = createClock()
  const ledger = memoryLedger()
  const transport: Transport = (request) =>
    Effect.suspend(() => {
      const route = `${request.method} ${new URL(request.url).pathname}`
      const body: unknown = request.body === undefined ? undefined : JSON.parse(request.body)
      sent.push({ route, body, at: clock.now(), request })
      const reply = routes[route] ?? { status: 404, json: { error: `no route ${route}` } }
      const answer = typeof reply === "function" ? reply(request) : reply
      return Effect.as(answer.takes ? Effect.sleep(answer.takes) : Effect.void, toResponse(answer))
    })
  const caller = makeCaller({
    provider: "fluence",
    baseUrl: "https://api.fluence.dev",
    headers: () => ({ "x-api-key": Redacted.make(apiKey) }),
    secrets: [apiKey],
    classify,
    transport
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
  const vms = cpuVms(caller, account(caller))
  return {
    vms,
    native: nativeClient(cpuEndpoints, caller),
    sent,
    routes: () => sent.map(({ route }) => route),
    bodies: (route: string) => sent.flatMap((one) => (one.route === route ? [one.body] : [])),
    clock,
    run,
    fails
  }
}

type Cloud = ReturnType<typeof cloudOf>

/** The documents' offer, with other prices, places and stock. */
export const offerRow = (price: string | null, place: object | null = {}, stock: number | null = 5) => ({
  ...answers.offer,
  configuration: { ...answers.offer.configuration, price },
  datacenter: place && { ...answers.offer.datacenter, ...place },
  servers: stock === null ? null : [{ availableBasicInstances: stock, additionalResources: [] }]
})

/** What a launch is asked for beyond what every one needs. */
interface More {
  readonly ports?: ReadonlyArray<PortRequest>
  readonly os?: string
  readonly maxPerHour?: Money
}

/** A launch on the first offer of a cloud. */
export const specOn = async ({ vms, run }: Cloud, more: More = {}) => {
  const [offer] = (await run(vms.offers())).items
  if (!offer) throw new Error("no offer")
  return { offer, name: "Web Server", os: image, sshKeys: [publicKey], ...more }
}

export const list = "GET /vms/v2"
export const search = "POST /marketplace/offers"
export const create = "POST /vms/v3"
export const end = "DELETE /vms/v3"
export const patch = "PATCH /vms/v2"

/** The ref of a VM by its id. */
export const ref = (of: string = id) => new InstanceRef("fluence", "cpu-vm", of)

/** A list that always holds the same rows. */
export const listed = (...rows: ReadonlyArray<unknown>) => ({ [list]: { json: rows } })

/** One offer in each of two countries. */
export const offers = { [search]: { json: [offerRow("0.30698"), offerRow("1", { countryCode: "FR" })] } }

/** The name that an order gives its VM. */
export const nameIn = ({ body = "" }: WireRequest): unknown => JSON.parse(body).vmConfiguration.name

/** A cloud that keeps VMs: an order makes them with the name it was given, an end takes them away. */
export const living = (made: ReadonlyArray<string> = [id], more: Readonly<Record<string, Route>> = {}) => {
  const rows = new Map<string, object>()
  const cloud = cloudOf({
    ...offers,
    [list]: () => ({ json: [...rows.values()] }),
    [create]: (request) => {
      const vmName = nameIn(request)
      for (const vmId of made) rows.set(vmId, { ...answers.vmA, id: vmId, vmName, pricePerEpoch: "0.30698" })
      return { json: made.map((vmId) => ({ vmId, vmName })) }
    },
    [end]: ({ body = "" }) => {
      for (const vmId of JSON.parse(body).vmIds) rows.delete(vmId)
      return { text: "" }
    },
    ...more
  })
  return { ...cloud, rows }
}
