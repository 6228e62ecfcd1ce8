import type { SentRequest } from "../harness.ts"
import { type CloudOffer, catalogue } from "./catalogue.ts"
import { areFree, type CloudDisk, disksOf, type Order } from "./disks.ts"
import { type Fault, json, type Reply, Reset, spoil } from "./faults.ts"

/** A machine of the reference cloud, as it is stored. */
export interface CloudMachine {
  readonly id: string
  label: string
  readonly offer: CloudOffer
  readonly strange: boolean
  bid: number | null
  /** The requested state; `exited` when its workload ended. */
  wish: "up" | "down" | "exited" | "gone"
  /** When it comes up, if its control says so. */
  upAt: number
  odd: boolean
  broken: boolean
  /** When the cloud itself ends it, in epoch milliseconds. */
  endsAt: number | null
  /** What the cloud says of its boot. */
  said: string | null
  readonly log: string[]
  readonly keys: Map<string, string>
}

/** A request as it comes in. */
export interface Incoming {
  readonly method: string
  readonly path: string
  readonly key: string
  readonly body?: unknown
  readonly signal: AbortSignal
}

/** The state of the reference cloud, open to its controls. */
export interface CloudState {
  readonly machines: Map<string, CloudMachine>
  readonly keys: Map<string, string>
  readonly disks: CloudDisk[]
  readonly requests: SentRequest[]
  nextCreate: { readonly fault: Fault; readonly made: boolean } | null
  /** The next create waits for this. */
  heldCreate: Promise<void> | null
  reads: { readonly fault: Fault; times: number } | null
  laterPagesBroken: boolean
  endlessPages: boolean
  offersBroken: boolean
  unreachable: boolean
  /** Whatever machines are told of their ends is forgotten. */
  forgetsEnds: boolean
}

/** How long a machine takes to come up. */
const bootMs = 20_000

const pageSize = 4

const stateOf = (machine: CloudMachine, now: number): string => {
  if (machine.odd) return "hibernating"
  if (machine.wish === "up") return now >= machine.upAt ? "up" : now >= machine.upAt - 15_000 ? "booting" : "queued"
  return machine.wish
}

const priceOf = (machine: CloudMachine): number => machine.bid ?? machine.offer.price

const rowOf = (machine: CloudMachine, now: number): object => ({
  id: machine.broken ? 42 : machine.id,
  label: machine.label,
  state: stateOf(machine, now),
  gpu: machine.offer.gpu,
  gpus: machine.offer.gpus,
  vram: machine.offer.vram,
  disk: machine.offer.disk,
  price: priceOf(machine),
  bid: machine.bid !== null,
  said: machine.said,
  ends: machine.endsAt,
  image: "ubuntu:24.04",
  ip: stateOf(machine, now) === "up" ? "203.0.113.7" : null
})

const text = (fields: unknown, key: string): string => {
  const value = typeof fields === "object" && fields !== null ? (fields as Record<string, unknown>)[key] : undefined
  return typeof value === "string" ? value : ""
}

const missing = json({ error: "not_found" }, 404)

let ids = 0
const newId = (prefix: string): string => `${prefix}-${String(++ids).padStart(6, "0")}`

/** Puts a machine into the cloud. */
export const addMachine = (
  state: CloudState,
  now: number,
  label: string,
  offer: CloudOffer,
  bid: number | null = null
) => {
  const machine: CloudMachine = {
    id: newId("m"),
    label,
    offer,
    strange: !/-ag[0-9a-z]{10}$/.test(label),
    bid,
    wish: "up",
    upAt: now + bootMs,
    odd: false,
    broken: false,
    endsAt: null,
    said: null,
    log: ["booting"],
    keys: new Map()
  }
  state.machines.set(machine.id, machine)
  return machine
}

const keyRows = (keys: Map<string, string>) => [...keys].map(([id, publicKey]) => ({ id, publicKey }))

const addKey = (keys: Map<string, string>, publicKey: string): Reply => {
  const id = newId("k")
  keys.set(id, publicKey)
  return json({ id, publicKey })
}

const keysRoute = (keys: Map<string, string>, { method, body }: Incoming, id: string | undefined): Reply => {
  if (method === "GET") return json({ items: keyRows(keys), next: null })
  if (method === "POST") return addKey(keys, text(body, "publicKey"))
  return id !== undefined && keys.delete(id) ? json({}) : missing
}

/** Ends the machines whose own end has come. */
const endDue = ({ machines }: Pick<CloudState, "machines">, now: number): void => {
  for (const machine of machines.values()) if (machine.endsAt !== null && machine.endsAt <= now) machine.wish = "gone"
}

const machineRoute = (
  machine: CloudMachine,
  request: Incoming,
  rest: string[],
  now: number,
  forgets: boolean
): Reply => {
  const [part, keyId] = rest
  const { method, body } = request
  if (part === "keys") return keysRoute(machine.keys, request, keyId)
  if (part === "logs" || part === "events") return json({ lines: machine.log })
  if (method === "GET") return json(rowOf(machine, now))
  if (method === "DELETE") {
    machine.wish = "gone"
    return json({ done: true })
  }
  if (part === "stop") machine.wish = "down"
  if (part === "start" || part === "restart") Object.assign(machine, { wish: "up", upAt: now + bootMs })
  if (method === "PATCH") {
    machine.label = text(body, "label") || machine.label
    const { bid, ends } = body as { bid?: number; ends?: number | null }
    if (bid !== undefined) machine.bid = bid
    if (ends !== undefined && !forgets) machine.endsAt = ends
  }
  return json(rowOf(machine, now))
}

/** The reference cloud: what a request does, without faults. */
const act = (state: CloudState, request: Incoming, now: number): Reply => {
  endDue(state, now)
  const url = new URL(request.path, "https://cloud.test")
  const [root, id, ...rest] = url.pathname.split("/").filter(Boolean)
  if (root === "offers") {
    const offers = catalogue.map((offer) => ({ ...offer }))
    return json({
      items: state.offersBroken ? [{ ...offers[0], gpus: "two" }, ...offers.slice(1)] : offers,
      next: null
    })
  }
  if (root === "balance") return json({ balance: 25 })
  if (root === "images") return json({ items: [{ id: "img-1", name: "ubuntu-24.04" }], next: null })
  if (root === "volumes") return json({ items: disksOf(state), next: null })
  if (root === "keys") return keysRoute(state.keys, request, id)
  if (root !== "machines") return missing
  const present = [...state.machines.values()].filter(({ wish }) => wish !== "gone")
  if (id !== undefined) {
    const machine = present.find((candidate) => candidate.id === id)
    return machine ? machineRoute(machine, request, rest, now, state.forgetsEnds) : missing
  }
  if (request.method === "POST") {
    const offer = catalogue.find((candidate) => candidate.id === text(request.body, "offer"))
    if (!offer) return json({ error: "gone" }, 410)
    const { bid = null, ends = null, disks = [] } = request.body as Order
    if (!areFree(state, disks, offer)) return json({ error: "no such disk here" }, 400)
    const machine = addMachine(state, now, text(request.body, "label"), offer, bid)
    machine.endsAt = ends
    for (const disk of state.disks) if (disks.includes(disk.id)) disk.holder = machine.id
    return json({ id: machine.id })
  }
  const from = Number(url.searchParams.get("from") ?? 0)
  if (from > 0 && state.laterPagesBroken) return json({ error: "page failed" }, 500)
  const [first] = present
  if (state.endlessPages && first) {
    return json({ items: [{ ...rowOf(first, now), id: `m-endless-${from}` }], next: from + 1 })
  }
  const next = from + pageSize < present.length ? from + pageSize : null
  return json({ items: present.slice(from, from + pageSize).map((machine) => rowOf(machine, now)), next })
}

/** Carries requests to the reference cloud, through whatever was done to it. */
export const transportTo =
  (state: CloudState, apiKey: string, now: () => number) =>
  async (request: Incoming): Promise<Reply> => {
    if (state.unreachable) throw new Reset(false)
    const { method, path, body } = request
    const mutating = method !== "GET"
    state.requests.push({ method, path, mutating, ...(body === undefined ? {} : { body }) })
    if (request.key !== apiKey) return json({ error: "who are you" }, 401)
    const { reads, nextCreate } = state
    if (!mutating && reads && reads.times > 0) {
      reads.times--
      return spoil(reads.fault, reads.fault === "cut" ? act(state, request, now()) : json({}), request.signal)
    }
    if (method === "POST" && path === "/machines" && state.heldCreate) {
      const held = state.heldCreate
      state.heldCreate = null
      await held
    }
    if (method === "POST" && path === "/machines" && nextCreate) {
      state.nextCreate = null
      const reply = nextCreate.made ? act(state, request, now()) : json({})
      if (nextCreate.made && nextCreate.fault === "capacity") {
        return json({ ...JSON.parse(reply.text), refused: "the bid is too low" })
      }
      return spoil(nextCreate.fault, reply, request.signal)
    }
    return act(state, request, now())
  }

/** The machines as they truly are. */
export const machinesOf = (state: CloudState, now: number) => {
  endDue(state, now)
  return [...state.machines.values()].map(({ id, label, wish, upAt, endsAt }) => ({
    ...{ id, name: label, endsAt, alive: wish !== "gone" },
    running: wish === "up" && now >= upAt
  }))
}
