import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { currentMoment } from "../elapsed.ts"
import { BadResponse, type GpuError } from "../errors.ts"
import { CurrentLedger } from "../ledger/current-ledger.ts"
import type { LaunchRecord } from "../ledger/ledger.ts"
import type { Kind } from "../model/kind.ts"
import { InstanceRef } from "../model/ref.ts"
import type { Span } from "./read/admit.ts"
import type { AnyDefinition } from "./read/any-definition.ts"

/** What speaks for or against a machine that a create named. */
export type Named<N> =
  /** It carries the launch's marker. */
  | { readonly is: "own"; readonly native: N; readonly span: Span }
  /** Nothing speaks against it: it does not show yet, or cannot be read. */
  | { readonly is: "unread" }
  /** It is another machine, which nothing may be done to. */
  | { readonly is: "other"; readonly error: BadResponse }

/** Whether a machine was there before a launch was written, or is another launch's, by the ledger. */
export const earlier = <P extends string, K extends Kind, N>({ provider, kind, kindOf }: AnyDefinition<P, K, N>) =>
  Effect.fnUntraced(function* ({ marker, at }: LaunchRecord, id: string) {
    const ledger = yield* CurrentLedger
    // Where kinds share their ids, a machine of another one is another machine too.
    const launches = yield* ledger.launches({ provider, instanceId: id, ...(kindOf ? {} : { kind }) })
    if (launches.some((launch) => launch.marker !== marker)) return true
    const seen = (yield* ledger.machine(new InstanceRef(provider, kind, id)))?.firstSeen ?? null
    return seen !== null && seen < at
  })

/**
 * Checks whether a machine that a create names belongs to the launch: a mixed-up answer names another user's, which
 * would be used and ended as ours.
 *
 * - Another one it is when another launch of this ledger made it, when it was seen before this launch was written, and
 *   when it is read without this launch's marker.
 */
export const naming = <P extends string, K extends Kind, N>(definition: AnyDefinition<P, K, N>) => {
  const { provider, kind } = definition
  const isOlder = earlier(definition)

  return (record: LaunchRecord, id: string): Effect.Effect<Named<N>> => {
    const ref = new InstanceRef(provider, kind, id)
    const other = (why: string): Named<N> => ({
      is: "other",
      error: new BadResponse({
        message: `${provider} answered the launch "${record.name}" with ${ref}, which ${why}: it is another machine, and was left alone`,
        retry: "temporary",
        path: "id"
      })
    })
    return Effect.gen(function* () {
      if (yield* Effect.orElseSucceed(isOlder(record, id), () => false)) return other("was there before")
      const began = yield* Clock.currentTimeMillis
      const native = yield* definition.read(id)
      const span = { began, moment: yield* currentMoment }
      if (native === null) return { is: "unread" } as const
      const described = definition.describe(native)
      if (described.id !== id && !(definition.idsIgnoreCase && described.id.toLowerCase() === id.toLowerCase())) {
        return { is: "unread" } as const
      }
      if (definition.hidesMarker(native)) return { is: "unread" } as const
      if (described.marker === record.marker) return { is: "own", native, span } as const
      return other(described.marker === null ? "carries no marker" : "carries the marker of another launch")
    }).pipe(Effect.catch((_: GpuError) => Effect.succeed({ is: "unread" } as const)))
  }
}
