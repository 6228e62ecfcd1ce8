import { isObject, ok, type Reply } from "../../kit/http.ts"
import { byValue, isOperator, isSame, type Operator, passes } from "../filter.ts"
import { bareFailure, type Call, success } from "../http.ts"
import { availabilityOf, holdersOf, type Pricing, quote } from "../market.ts"
import type { Offer } from "../offer.ts"

/** Rows when the query has no `limit`. The server's default and cap are undocumented; one observer saw 64. */
const defaultLimit = 64

/** GB of disk priced when the query has no `allocated_storage`. Source: Vast docs, POST /api/v0/bundles/. */
const defaultStorage = 8

type Row = Readonly<Record<string, unknown>>
type Test = (row: Row, offer: Offer) => boolean

const invalid = (msg: string): Reply => bareFailure(400, "invalid_request", msg)

/**
 * Filter names that aren't columns, and how each is tested. Source: vast-cli, vastai/data/query.py, virtual fields.
 *
 * - `rented`: the backend doesn't filter by it. Source: vast-cli commit 52b515c.
 * - `id`: filtering on it matches nothing, `ask_contract_id` works. Source: observed 2026-10-02 by another client; the
 *   OpenAPI document lists `id` as a filter.
 * - `gpu_name` is a plain column: an underscore instead of a space, as in the OpenAPI examples, finds no offer. Source:
 *   observed by another client; the official one turns underscores into spaces before it sends them.
 */
const virtual: Readonly<Record<string, (operator: Operator, wished: unknown) => Test>> = {
  verified: (operator, wished) => (row) => passes(row.verification === "verified", operator, wished),
  datacenter: (operator, wished) => (row) => passes(row.hosting_type === 1, operator, wished),
  geolocation: (operator, wished) => (_, offer) => passes(offer.countryCode, operator, wished),
  target_reliability: (_, wished) => (row) => passes(row.expected_reliability, "gte", wished),
  driver_version: (operator, wished) => (row) =>
    passes(typeof wished === "number" ? row.driver_vers : row.driver_version, operator, wished),
  rented: () => () => true,
  id: (operator) => () => operator === "neq" || operator === "notin"
}

/**
 * Other names of columns, and by how much their values are multiplied. Source: vast-cli, vastai/data/query.py.
 *
 * - The official client writes the real names before it sends; whether the server knows the others is undocumented.
 */
const aliases: Readonly<Record<string, readonly [column: string, times: number]>> = {
  reliability2: ["reliability", 1],
  dphtotal: ["dph_total", 1],
  gpu_totalram: ["gpu_total_ram", 1],
  ubuntu_version: ["os_version", 1],
  gpu_ram_GB: ["gpu_ram", 1000],
  cpu_ram_GB: ["cpu_ram", 1000],
  gpu_totalram_GB: ["gpu_total_ram", 1000]
}

const columnOf = (field: string): readonly [column: string, times: number] =>
  (Object.hasOwn(aliases, field) ? aliases[field] : undefined) ?? [field, 1]

const multiplied = (wished: unknown, times: number): unknown => {
  if (times === 1) return wished
  return Array.isArray(wished) ? wished.map((one: unknown) => Number(one) * times) : Number(wished) * times
}

/** Query keys that aren't filters. The last two are sent by older clients; what they do is undocumented. */
const settings = new Set(["type", "order", "limit", "allocated_storage", "disable_bundling", "extra_ids"])

const pricings: Readonly<Record<string, Pricing>> = {
  "on-demand": "on-demand",
  ondemand: "on-demand",
  bid: "bid",
  interruptible: "bid",
  reserved: "reserved"
}

const setOperators: ReadonlySet<string> = new Set(["eq", "neq", "in", "notin"])

interface Query {
  readonly tests: readonly Test[]
  readonly order: ReadonlyArray<readonly [string, number]>
  readonly limit: number
  readonly storage: number
  readonly pricing: Pricing
}

const parseOrder = (order: unknown): Query["order"] => {
  if (!Array.isArray(order)) return [["score", -1]]
  return order.flatMap((entry: unknown) =>
    Array.isArray(entry) && typeof entry[0] === "string"
      ? [[columnOf(entry[0])[0], entry[1] === "desc" ? -1 : 1] as const]
      : []
  )
}

/** What a query asks for, or the refusal of one that cannot be understood. */
export const matching = (query: Row): Query | Reply => {
  const tests: Test[] = []
  for (const [field, filter] of Object.entries(query)) {
    if (settings.has(field) || filter === null) continue
    if (!isObject(filter)) return invalid(`${field} must be an object of operators`)
    for (const [name, wished] of Object.entries(filter)) {
      if (!isOperator(name) || (field === "geolocation" && !setOperators.has(name)))
        return invalid(`Error in query parameters: ${name} is not a valid search op`)
      const make = virtual[field]
      const [column, times] = columnOf(field)
      const value = multiplied(wished, times)
      // A field no offer has is ignored: what the server does with one is undocumented.
      tests.push(make?.(name, wished) ?? ((row) => !(column in row) || passes(row[column], name, value)))
    }
  }
  const storage = Number(query.allocated_storage ?? defaultStorage)
  if (query.allocated_storage !== undefined) tests.push((row) => passes(row.disk_space, "gte", storage))
  return {
    tests,
    order: parseOrder(query.order),
    limit: typeof query.limit === "number" && query.limit >= 0 ? query.limit : defaultLimit,
    storage,
    pricing: pricings[String(query.type ?? "on-demand")] ?? "on-demand"
  }
}

const isReply = (value: Query | Reply): value is Reply => "status" in value

/**
 * Answers a search over the offers that can be rented now.
 *
 * - `dph_total` includes the disk asked for by `allocated_storage`; on a bid search `dph_base` is `min_bid`.
 * - Filters the documents call defaults (`verified`, `rentable`) aren't applied unless sent: whether the server does so
 *   is undocumented.
 */
const find = (call: Call, body: Row): Reply => {
  const offers = offersFor(call, body)
  return Array.isArray(offers) ? ok({ offers }) : offers
}

/** The rows of the offers that a query finds, or the refusal of the query. */
export const offersFor = ({ world }: Call, body: unknown): Row[] | Reply => {
  const query = isObject(body) ? matching(body) : invalid("Invalid json body")
  if (isReply(query)) return query
  const holders = holdersOf(world)
  const found: Row[] = []
  for (const offer of world.offers.values()) {
    const availability = availabilityOf(world, offer, holders)
    if (availability === "taken" || availability === "gone") continue
    const row = { ...offer.fixed, ...quote(world, offer, query.pricing, query.storage, holders) }
    if (query.tests.every((test) => test(row, offer))) found.push(row)
  }
  const sorted = found.sort((a, b) => {
    for (const [column, direction] of query.order) {
      const order = byValue(a[column], b[column]) * direction
      if (order !== 0) return order
    }
    return Number(a.id) - Number(b.id)
  })
  return sorted.slice(0, query.limit)
}

/** POST /api/v0/bundles/. Source: Vast docs. */
export const searchBundles = (call: Call): Reply =>
  call.bodyIsJson ? find(call, call.body) : invalid("Invalid json body")

/** GET /api/v0/bundles/?q=<json>. Source: the vendor's route table; shape seen in an older client. */
export const searchByUrl = (call: Call): Reply => {
  try {
    const query: unknown = JSON.parse(call.query.get("q") ?? "{}")
    return isObject(query) ? find(call, query) : invalid("Invalid json body")
  } catch {
    return invalid("Invalid json body")
  }
}

/** PUT /api/v0/search/asks/ with `{ select_cols, q }`, the official client's newer path. Source: vast-cli, api/offers.py. */
export const searchAsks = (call: Call): Reply => {
  if (!call.bodyIsJson) return invalid("Invalid json body")
  const query = call.body.q ?? {}
  const reply = isObject(query) ? find(call, query) : invalid("Invalid json body")
  const columns = call.body.select_cols
  if (reply.status !== 200 || !Array.isArray(columns) || columns.some((column) => isSame(column, "*"))) return reply
  const { offers } = reply.json as { offers: Row[] }
  const selected = (row: Row) =>
    Object.fromEntries(columns.map((column: unknown) => [column, row[String(column)] ?? null]))
  return ok({ offers: offers.map(selected) })
}

/** GET /api/v0/gpu_names/unique/, called without a key. Source: vast-cli, data/query.py. */
export const gpuNames = ({ world }: Call): Reply => {
  const names = new Set([...world.offers.values()].map((offer) => String(offer.fixed.gpu_name)))
  return success({ gpu_names: [...names].sort() })
}
