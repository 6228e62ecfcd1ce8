import * as Effect from "effect/Effect"
import { type Mapped, mapRow } from "../adapter/map-rows.ts"
import { fieldProblem, idIn, isIn, type Unread, unreadIn } from "../adapter/unread.ts"
import { BadResponse, type GpuError } from "../errors.ts"
import { type Facts, judge, type Verdict } from "../lifecycle.ts"
import type { InstanceFacts } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import { Listing, type Problem } from "../model/listing.ts"
import { soundFacts } from "../model/sound.ts"
import type { Action } from "../model/status.ts"
import type { Asked, FieldsOf } from "./definition.ts"
import type { AnyDefinition, RawDefinition } from "./read/any-definition.ts"
import { unshownFacts } from "./read/unshown.ts"

/*
 * One odd value costs only itself. One rule, for all clouds and everything that looks at a row:
 *
 * - A row is there as long as its id can be read. Without one it is a problem, and the list is not whole.
 * - Whatever else cannot be read, or throws when it is mapped, or is out of bounds, is null, and a problem of the machine.
 * - What an unreadable field may decide is not decided: a status that depends on it is unknown, and a marker in it may be
 *   any launch's.
 */

const idField = "id"

/** More combinations than these are not tried: then nothing is known. */
const mostCases = 512

/** What holds for all of several verdicts; null when their status differs. */
const common = (verdicts: ReadonlyArray<Verdict>): Verdict | null => {
  const [first, ...others] = verdicts
  if (first === undefined || others.some(({ status }) => status !== first.status)) return null
  const isSame = (of: (verdict: Verdict) => unknown) => others.every((other) => of(other) === of(first))
  const inAll = (action: Action) => others.every(({ actions }) => actions.includes(action))
  return {
    status: first.status,
    reason: isSame(({ reason }) => reason) ? first.reason : null,
    billing: isSame(({ billing }) => billing) ? first.billing : "unknown",
    actions: first.actions.filter(inAll)
  }
}

/** Every row of facts in which the unreadable ones have each of their documented values. */
const casesOf = (
  facts: Facts,
  names: ReadonlyArray<string>,
  domain: Readonly<Record<string, ReadonlyArray<unknown>>>
) =>
  names.reduce<ReadonlyArray<Facts>>(
    (cases, name) =>
      cases.length > mostCases
        ? cases
        : cases.flatMap((one) => (domain[name] ?? []).map((value) => ({ ...one, [name]: value }) as Facts)),
    [facts]
  )

/** What may be done to a machine of which nothing else is known. */
const unknownOf = (fallback: Pick<Verdict, "billing" | "actions">): Verdict => ({
  status: "unknown",
  reason: null,
  ...fallback
})

/** Which facts an unreadable field may decide: null is all of them. */
const decidedBy = (unread: ReadonlyArray<Unread>, fields: FieldsOf<Facts> | undefined): ReadonlyArray<string> | null =>
  fields === undefined
    ? null
    : Object.entries(fields.facts).flatMap(([name, from]) =>
        unread.some((one) => isIn(one, from ?? [])) ? [name] : []
      )

/** The definition by the rule above: nothing of it throws, and every row it answers has an id. */
export const guarded = <P extends string, K extends Kind, N>(
  definition: RawDefinition<P, K, N>
): AnyDefinition<P, K, N> => {
  const { provider, kind, lifecycle, fieldsOf } = definition
  const place = { provider, kind }
  const textOfId = (id: unknown): string | null => (typeof id === "string" && id !== "" ? id : null)

  const described = (native: N): Mapped<InstanceFacts> | null => {
    const mapped = mapRow(native, (row) => definition.describe(row), idField)
    return mapped && textOfId(mapped.made.id) !== null ? mapped : null
  }

  /** Whether the id of a row can be read: as it stands there, which is quick, or once the row is mapped. */
  const hasId = (native: N): boolean => idIn(native) !== undefined || described(native) !== null

  const everything: Unread = { field: "the row", found: "nothing in common terms can be made of it" }

  const describe = (native: N): InstanceFacts => {
    const mapped = described(native) ?? { made: unshownFacts(idIn(native) ?? "", undefined), unread: [everything] }
    const { model, unread } = soundFacts(mapped.made)
    const all = [...unreadIn(native), ...mapped.unread, ...unread]
    if (all.length === 0) return model
    return { ...model, problems: all.map((one) => fieldProblem(model.id, one, place)) }
  }

  const verdictOf = (native: N, asked: Asked): Verdict => {
    const mapped = mapRow(native, (row) => definition.facts(row, asked), idField)
    if (mapped === null) return unknownOf(lifecycle.fallback)
    const unread = [...unreadIn(native), ...mapped.unread]
    if (unread.length === 0) return judge(lifecycle, mapped.made)
    const names = decidedBy(unread, fieldsOf)
    // What throws in the making of the facts decides them, whatever is said of it.
    if (names === null || mapped.unread.length > 0) return unknownOf(lifecycle.fallback)
    const cases = casesOf(mapped.made, names, lifecycle.domain)
    if (cases.length > mostCases) return unknownOf(lifecycle.fallback)
    return common(cases.map((facts) => judge(lifecycle, facts))) ?? unknownOf(lifecycle.fallback)
  }

  const isStrange = (native: N, asked: Asked): boolean => {
    const { status, reason } = verdictOf(native, asked)
    if (status === "unknown" && reason === null) return true
    const facts = mapRow(native, (row) => definition.facts(row, asked), idField)?.made ?? {}
    return Object.entries(facts).some(([name, fact]) => lifecycle.domain[name]?.includes(fact) === false)
  }

  const hidesMarker = (native: N): boolean => {
    const mapped = described(native)
    if (mapped === null) return true
    if (soundFacts(mapped.made).unread.some((one) => isIn(one, ["name", "marker"]))) return true
    const unread = [...unreadIn(native), ...mapped.unread]
    return unread.length > 0 && (fieldsOf === undefined || unread.some((one) => isIn(one, fieldsOf.marker)))
  }

  const nameless = (): BadResponse => {
    const message = `${provider} answered a ${kind} whose id cannot be read; look for a newer anygpu`
    return new BadResponse({ message, retry: "permanent", path: idField, ...place })
  }

  /** Rows without an id are a problem each: what they stand for is not known. */
  const named = (listing: Listing<N>): Listing<N> => {
    const items = listing.items.filter(hasId)
    const lost = listing.items.length - items.length
    if (lost === 0) return listing
    const problems: Problem[] = Array.from({ length: lost }, () => ({ ...place, part: "a row", error: nameless() }))
    const { observedAt, excluded } = listing
    return new Listing({ items, observedAt, excluded, complete: false, problems: [...listing.problems, ...problems] })
  }

  const list = (read: Effect.Effect<Listing<N>, GpuError>) => Effect.map(read, named)
  const { kindOf } = definition
  return {
    ...definition,
    describe,
    verdictOf,
    isStrange,
    hidesMarker,
    read: (id) =>
      Effect.flatMap(definition.read(id), (native) =>
        native === null || hasId(native) ? Effect.succeed(native) : Effect.fail(nameless())
      ),
    find: (marker) => list(definition.find(marker)),
    readAll: () => list(definition.readAll()),
    ...(kindOf && {
      kindOf: (native: N) => mapRow(native, (row) => kindOf.call(definition, row), idField)?.made ?? null
    })
  }
}
