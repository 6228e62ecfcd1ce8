import { isObject, ok, type Reply } from "../../kit/http.ts"
import { byValue, isOperator, passes } from "../filter.ts"
import { bareFailure, type Call, idIn, success } from "../http.ts"
import type { Machine } from "../machine.ts"
import { type InstanceRow, instanceRow, storedColumns } from "../row.ts"
import { findMachine, type World } from "../world.ts"

const pageSize = 25

const badKey = (column: string): Reply =>
  bareFailure(400, "invalid_request", `Error in query parameters: ${column} is not a valid search key`)

const badToken = (): Reply => bareFailure(400, "invalid_token", "Invalid after_token")

/** Thrown inside this file for a query that's answered with a 400. */
class BadQuery extends Error {
  readonly reply: Reply
  constructor(reply: Reply) {
    super("bad query")
    this.reply = reply
  }
}

const parseJson = (text: string | null, fallback: unknown): unknown => {
  if (text === null || text === "") return fallback
  try {
    return JSON.parse(text)
  } catch {
    throw new BadQuery(bareFailure(400, "invalid_request", "Error in query parameters: invalid json"))
  }
}

/** A row for filtering and sorting shows what is stored, so `offline` matches nothing. Source: Vast docs, 2026-04-03. */
const storedRow = (machine: Machine, row: InstanceRow): InstanceRow => ({
  ...row,
  actual_status: machine.status.actual
})

const parseFilters = (text: string | null): ((row: InstanceRow) => boolean) => {
  const filters = parseJson(text, {})
  if (!isObject(filters)) throw new BadQuery(badKey(String(text)))
  const tests = Object.entries(filters).flatMap(([column, filter]) => {
    if (!storedColumns.has(column) || !isObject(filter)) throw new BadQuery(badKey(column))
    return Object.entries(filter).map(([operator, wished]) => {
      if (!isOperator(operator))
        throw new BadQuery(
          bareFailure(400, "invalid_request", `Error in query parameters: ${operator} is not a valid search op`)
        )
      return (row: InstanceRow) => passes(row[column], operator, wished)
    })
  })
  return (row) => tests.every((test) => test(row))
}

type Order = ReadonlyArray<readonly [column: string, direction: number]>

const parseOrder = (text: string | null): Order => {
  const order = parseJson(text, [])
  const entries = Array.isArray(order) ? order : []
  const parsed = entries.map((entry: unknown) => {
    const column = isObject(entry) ? String(entry.col) : String(entry)
    if (!isObject(entry) || !storedColumns.has(column)) throw new BadQuery(badKey(column))
    return [column, entry.dir === "desc" ? -1 : 1] as const
  })
  return [...parsed, ["id", 1]]
}

const compareBy = (order: Order) => (a: InstanceRow, b: InstanceRow) => {
  for (const [column, direction] of order) {
    const difference = byValue(a[column], b[column]) * direction
    if (difference !== 0) return difference
  }
  return 0
}

const toBase64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
const fromBase64 = (text: string) => new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)))

const tokenOf = (row: InstanceRow, order: Order): string =>
  toBase64(JSON.stringify({ values: Object.fromEntries(order.map(([column]) => [column, row[column]])) }))

const parseToken = (token: string | null): InstanceRow | undefined => {
  if (token === null || token === "") return undefined
  try {
    const parsed: unknown = JSON.parse(fromBase64(token))
    if (isObject(parsed) && isObject(parsed.values) && "id" in parsed.values) return parsed.values
  } catch {}
  throw new BadQuery(badToken())
}

const parseColumns = (text: string | null): readonly string[] | undefined => {
  const columns = parseJson(text, ["*"])
  return Array.isArray(columns) && !columns.includes("*") ? columns.map(String) : undefined
}

const parseLimit = (text: string | null): number => {
  const limit = text === null || text === "" ? pageSize : Number(text)
  if (Number.isNaN(limit)) return pageSize
  return limit <= 0 ? 5 : Math.min(pageSize, Math.floor(limit))
}

const living = (world: World) => world.state.machines.filter((machine) => machine.destroyedAt === null)

/**
 * GET /api/v1/instances/. Source: Vast docs.
 *
 * - Keyset pages of at most 25; `limit` of 0 or less means 5; an unknown column or operator is a 400, as is a bad token.
 * - `total_instances` and `label_counts` speak of all rows the filters match. No match gives an empty array (null has
 *   been seen in the official client's tests).
 */
export const listInstances = ({ world, query }: Call): Reply => {
  try {
    const matches = parseFilters(query.get("select_filters"))
    const order = parseOrder(query.get("order_by"))
    const columns = parseColumns(query.get("select_cols"))
    const after = parseToken(query.get("after_token"))
    const limit = parseLimit(query.get("limit"))
    const compare = compareBy(order)
    const rows = living(world)
      .map((machine) => {
        const row: InstanceRow = { ...instanceRow(world, machine), volume_info: [] }
        return { row, stored: storedRow(machine, row) }
      })
      .filter(({ stored }) => matches(stored))
      .sort((a, b) => compare(a.stored, b.stored))
    const rest = after === undefined ? rows : rows.filter(({ stored }) => compare(stored, after) > 0)
    const page = rest.slice(0, limit)
    const last = page.at(-1)
    const labels: Record<string, number> = {}
    for (const { row } of rows) {
      const label = typeof row.label === "string" ? row.label : ""
      labels[label] = (labels[label] ?? 0) + 1
    }
    const select = (row: InstanceRow): InstanceRow =>
      columns === undefined ? row : Object.fromEntries(columns.map((column) => [column, row[column] ?? null]))
    return success({
      instances_found: page.length,
      total_instances: rows.length,
      label_counts: labels,
      next_token: rest.length > page.length && last !== undefined ? tokenOf(last.stored, order) : null,
      instances: page.map(({ row }) => select(row))
    })
  } catch (error) {
    if (error instanceof BadQuery) return error.reply
    throw error
  }
}

/** GET /api/v0/instances/, the deprecated list without pages. Source: Vast docs, api-reference/hello-world. */
export const listInstancesV0 = ({ world }: Call): Reply => {
  const instances = living(world).map((machine) => instanceRow(world, machine))
  return ok({ instances_found: instances.length, instances })
}

/** GET /api/v0/instances/filters/, the values by which instances can be filtered. Source: vast-cli, vastai/api/instances.py. */
export const listFilters = ({ world }: Call): Reply => {
  const rows = living(world).map((machine) => {
    const { actual_status, verification, gpu_name } = instanceRow(world, machine)
    return { actual_status, verification, gpu_name }
  })
  return ok({ filters: [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()] })
}

/**
 * GET /api/v0/instances/{id}/: one object under a plural key, without `success`.
 *
 * - An unknown or destroyed id is a 200 with null. Source: vast-cli, api/instances.py and its tests.
 */
export const showInstance = ({ world, params }: Call): Reply => {
  const id = idIn(params.id)
  if (id === undefined)
    return { status: 400, json: { success: false, error: "invalid_args", msg: "invalid instance_id" } }
  const machine = findMachine(world, id)
  return ok({ instances: machine === undefined ? null : instanceRow(world, machine) })
}
