import type { GpuError, LogOptions } from "@anygpu/core"
import { type Caller, listRows, timeOf } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { endpoints } from "./endpoints.ts"
import type { VerdaFacts } from "./lifecycle.ts"
import * as wire from "./wire.ts"

const pageSize = 100

const momentOf = ({ timestamp }: wire.Event): number => timeOf(timestamp)?.epochMilliseconds ?? 0

/** All that the journal says of a machine, oldest first: in which order it comes is not documented. */
const eventsOf = (caller: Caller, id: string) =>
  listRows<wire.Event>(caller, {
    ...{ cloud: "Verda", operation: "listInstanceJournal", part: "events", kind: "vm", schema: wire.Event },
    keyOf: (event) => event.id,
    ask: (next = "1") => {
      const query = { page: Number(next), pageSize }
      return Effect.map(caller.call(endpoints.listInstanceJournal, { params: { id }, query, kind: "vm" }), (rows) => ({
        rows,
        next: rows.length < pageSize ? null : String(Number(next) + 1)
      }))
    }
  }).pipe(Effect.map(({ items }) => items.toSorted((a, b) => momentOf(a) - momentOf(b))))

const lineOf = ({ timestamp, action_code, error_message, properties }: wire.Event): string =>
  [timestamp, action_code, error_message, properties?.delete_reason].filter(Boolean).join(" ")

/** The events of a machine as lines: who did it, by e-mail and address, is left out. */
export const linesOf = (
  caller: Caller,
  id: string,
  { tail, containing = "" }: LogOptions
): Effect.Effect<ReadonlyArray<string>, GpuError> =>
  Effect.map(eventsOf(caller, id), (events) => {
    const lines = events.map(lineOf).filter((line) => line.includes(containing))
    return tail === undefined ? lines : lines.slice(-tail)
  })

/**
 * How a machine ended: evicted where its last `delete` has such a reason, or nobody who did it.
 *
 * - A journal that cannot be read says nothing.
 */
export const endOf = (caller: Caller, id: string): Effect.Effect<VerdaFacts["ended"]> =>
  eventsOf(caller, id).pipe(
    Effect.map((events) => {
      const last = events.findLast(({ action_code }) => action_code === "delete")
      if (last === undefined) return "unknown"
      return /evict/i.test(last.properties?.delete_reason ?? "") || !last.actor_id ? "evicted" : "by a person"
    }),
    Effect.orElseSucceed(() => "unknown" as const)
  )
