import type { CloudControls } from "./controls.ts"
import type { FaultEffect, FaultProxy } from "./fault-proxy.ts"
import type { VirtualTime } from "./harness.ts"

/** A row of an answer, to be altered in place. */
export type Row = Record<string, unknown>

/** Where the rows of one sort stand in the answers of a cloud. */
export interface RowPlace {
  /** The rows in an answer: those of a list, and the one of a read; none where the answer has no such rows. */
  readonly rows: (body: unknown) => ReadonlyArray<Row>
  /** The field that holds its id (default `id`), which stays what it is. */
  readonly id?: string
  /** A field that holds a text or a number, by which a row is made one that cannot be read. */
  readonly field: string
}

/** Where the rows of machines and of offers stand. */
export interface Rows {
  readonly machines: RowPlace
  readonly offers: RowPlace
}

/** The controls that alter single rows of answers. */
export type RowControls = Pick<
  CloudControls,
  "malformMachine" | "malformOffer" | "alterMachine" | "alterOffer" | "othersLate"
>

/** The rows that stand in a field of an answer, however it is wrapped: `rowsAt(body, "data", "rows")`. A single row counts too. */
export const rowsAt = (body: unknown, ...path: ReadonlyArray<string>): ReadonlyArray<Row> => {
  const value = path.reduce<unknown>((at, name) => Object(at)[name], body)
  return (Array.isArray(value) ? value : [value]).filter((row) => typeof row === "object" && row !== null)
}

const altered = (row: Row, id: string, change: (row: Row) => void): void => {
  const kept = row[id]
  change(row)
  row[id] = kept
}

/** Makes the control of that name; `rowsOf` gives the rows of an answer that show a machine. */
export const othersLate =
  (
    rowsOf: (id: string, body: unknown) => ReadonlyArray<unknown>,
    meet: FaultProxy["meet"],
    time: VirtualTime
  ): CloudControls["othersLate"] =>
  (id, ms) => {
    let shownAt: number | null = null
    const late: FaultEffect = async (pass, { signal }) => {
      const response = await pass()
      const body: unknown = await response
        .clone()
        .json()
        .catch(() => null)
      if (rowsOf(id, body).length > 0) shownAt = time.now()
      else await time.sleep(ms, signal ?? undefined)
      return response
    }
    meet(() => true, late, Number.POSITIVE_INFINITY)
    return () => shownAt
  }

/** Makes the controls about single rows. */
export const rowControls = (
  { machines, offers }: Rows,
  { tamper, meet }: Pick<FaultProxy, "tamper" | "meet">,
  time: VirtualTime
): RowControls => {
  const rowsOf = (id: string, body: unknown) =>
    machines.rows(body).filter((row) => String(row[machines.id ?? "id"]) === id)
  const ofMachine = (id: string, change: (row: Row) => void) =>
    tamper((body) => {
      for (const row of rowsOf(id, body)) change(row)
    })
  const ofOffer = (change: (row: Row) => void) =>
    tamper((body) => {
      for (const row of offers.rows(body).slice(0, 1)) change(row)
    })
  return {
    malformMachine: (id) => {
      ofMachine(id, (row) => {
        row[machines.field] = { odd: true }
      })
    },
    malformOffer: () => {
      ofOffer((row) => {
        row[offers.field] = { odd: true }
      })
    },
    alterMachine: (id, change) => ofMachine(id, (row) => altered(row, machines.id ?? "id", change)),
    othersLate: othersLate(rowsOf, meet, time),
    alterOffer: (change) => ofOffer((row) => altered(row, offers.id ?? "id", change))
  }
}
