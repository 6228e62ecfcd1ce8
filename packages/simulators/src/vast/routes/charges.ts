import { isObject, ok, type Reply } from "../../kit/http.ts"
import { passes } from "../filter.ts"
import { bareFailure, type Call } from "../http.ts"
import type { Machine } from "../machine.ts"
import { money, spentOn } from "../money.ts"

/** As many rows as a page has at most, and unless it says. Source: Vast docs, show charges. */
const mostRows = 500
const usualRows = 20

const filtersIn = (text: string | null): Readonly<Record<string, unknown>> | undefined => {
  try {
    const filters: unknown = JSON.parse(text ?? "{}")
    return isObject(filters) ? filters : undefined
  } catch {
    return undefined
  }
}

const page = <Row>(call: Call, rows: readonly Row[]): Reply => {
  const limit = Math.min(mostRows, Number(call.query.get("limit") ?? usualRows) || usualRows)
  const from = Number(call.query.get("after_token") ?? 0)
  if (!Number.isInteger(from) || from < 0) return bareFailure(400, "invalid_token", "Invalid after_token")
  const results = rows.slice(from, from + limit)
  const next = from + results.length
  return ok({
    ...{ results, count: results.length, total: rows.length },
    next_token: next < rows.length ? String(next) : null
  })
}

const badFilters = (): Reply => bareFailure(400, "invalid_request", "Error in query parameters: invalid json")

const chargeOf = (machine: Machine) => ({
  source: `instance-${machine.id}`,
  amount: spentOn(machine),
  items: [
    { type: "gpu", amount: money.toDollars(machine.meter.compute) },
    { type: "disk", amount: money.toDollars(machine.meter.storage) }
  ]
})

/**
 * GET /api/v0/charges/: what each contract has cost. Source: Vast docs, show charges; vast-cli, vastai/api/billing.py.
 *
 * - A contract is in it that existed between the days asked for, with all that it has cost so far: how a charge is split
 *   over days isn't documented. Nothing moves over the network, so `bwd` and `bwu` are never there.
 */
export const listCharges = (call: Call): Reply => {
  const filters = filtersIn(call.query.get("select_filters"))
  if (filters === undefined) return badFilters()
  const { day, type } = filters
  const { gte = 0, lte = Number.POSITIVE_INFINITY } = isObject(day) ? day : {}
  const wantsInstances =
    !isObject(type) ||
    Object.entries(type).every(([operator, wished]) => operator !== "in" || passes("instance", "in", wished))
  const rows = call.world.state.machines.filter(
    ({ createdAt, destroyedAt }) =>
      wantsInstances &&
      createdAt <= Number(lte) * 1000 &&
      (destroyedAt ?? Number.POSITIVE_INFINITY) >= Number(gte) * 1000
  )
  const sorted = call.query.get("latest_first") === "true" ? rows.toReversed() : rows
  return page(call, sorted.map(chargeOf))
}

/** GET /api/v1/invoices/, the payments: what a row of it holds isn't documented, so the list is empty. */
export const listInvoices = (call: Call): Reply =>
  filtersIn(call.query.get("select_filters")) === undefined ? badFilters() : page(call, [])
