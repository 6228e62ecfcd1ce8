import * as Effect from "effect/Effect"
import { FreshRead } from "../../adapter/coalesce.ts"
import { BadResponse, Conflict, type GpuError, NotFound, ProviderFault, withContext } from "../../errors.ts"
import type { MachineRecord } from "../../ledger/ledger.ts"
import type { Instance } from "../../model/instance.ts"
import type { Kind } from "../../model/kind.ts"
import type { Listing } from "../../model/listing.ts"
import { InstanceRef } from "../../model/ref.ts"
import type { AnyDefinition } from "./any-definition.ts"

/*
 * Absence is proven, never inferred. One rule, for all clouds and everything that asks whether a machine is gone:
 *
 * - Suggested is it by a null of `read`, by `NotFound` of `destroy`, both of them the cloud's own words for "no such
 *   machine", and, once its end was asked for, by a word that the cloud's table does not know.
 * - Proven is it by a complete list that was begun afterwards and shows neither the machine's id nor its marker. Where
 *   the ledger knows the machine, so long afterwards that no moment of a cloud that answers nothing at all can be both.
 * - Until then it is what the list shows, or not known. A route that is gone, a gateway's 404, a refused key and a list
 *   that fails or is cut off say nothing.
 * - What the cloud itself shows as ended needs no proof.
 */

/** Between two looks that have to agree that a machine is gone: a cloud may show nothing at all for a moment. */
export const confirmAfter = "3 seconds"

/** What a complete list says of a machine whose absence something suggested. */
export type Evidence<N> =
  | { readonly says: "gone" }
  | { readonly says: "there"; readonly native: N }
  | { readonly says: "unclear"; readonly error: GpuError }

/** Whether nothing is left of a machine that could be ended or cost money. */
export const isOver = ({ status, billing, actions }: Pick<Instance, "status" | "billing" | "actions">): boolean =>
  status === "terminated" || (status === "failed" && billing === "none" && !actions.includes("terminate"))

const sameId = (definition: { readonly idsIgnoreCase?: boolean }, a: string, b: string): boolean =>
  definition.idsIgnoreCase ? a.toLowerCase() === b.toLowerCase() : a === b

/**
 * The moment at which a machine that was verified gone shows all the same, as a ledger takes it; null when the answer
 * that shows it was asked for before that.
 *
 * - `began`: when that answer was asked for. An end that lies ahead of the wall clock was written by one that was set
 *   back since, or by a process whose clock is ahead: nothing says which came first, and what costs money is not gone.
 */
export const againAt = (known: MachineRecord | null | undefined, began: number, now: number): number | null => {
  if (known?.goneAt == null) return null
  if (began >= known.goneAt) return began
  return known.goneAt > now ? known.goneAt : null
}

const refIn = <P extends string, K extends Kind, N>({ provider, kind }: AnyDefinition<P, K, N>, id: string) =>
  new InstanceRef(provider, kind, id)

const idOf = <P extends string, K extends Kind, N>(definition: AnyDefinition<P, K, N>, native: N): string =>
  definition.describe(native).id

const mayCost = (ref: InstanceRef, because: string) =>
  `${ref.provider} does not show ${ref}, and its list, which has to agree, ${because}: it may be there and may cost money`

/** The error of a list that cannot be read, about a machine that it has to show or not. */
const unreadable = (ref: InstanceRef, cause: GpuError): GpuError => {
  const message = mayCost(ref, `cannot be read (${cause.message})`)
  // What a list does not find is the list.
  return cause._tag === "NotFound"
    ? new ProviderFault({ message, retry: "temporary", ref, cause })
    : withContext(cause, { message, ref })
}

/** Why a list proves no absence though it does not show the machine; null when it is whole. */
const unwhole = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  ref: InstanceRef,
  { complete, problems }: Listing<N>
): GpuError | null => {
  const areOthers = problems.every(({ id }) => id !== undefined && !sameId(definition, id, ref.id))
  if (complete || (problems.length > 0 && areOthers)) return null
  const cause = problems[0]?.error
  const message = mayCost(ref, `is not whole${cause ? ` (${cause.message})` : ""}`)
  return new ProviderFault({ message, retry: "temporary", ref, cause })
}

/**
 * Reads a list that begins now, and judges a machine by it.
 *
 * - `marker`: that of its launch, where it is known. `apart`: other machines that carry it, as is known already.
 */
const prove = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  id: string,
  marker: string | null,
  now: number,
  apart: ReadonlyArray<string>
): Effect.fn.Return<Evidence<N>> {
  const ref = refIn(definition, id)
  const everyRow = Effect.suspend(() => definition.readAll())
  const listed = yield* Effect.result(Effect.provideService(everyRow, FreshRead, true))
  if (listed._tag === "Failure") return { says: "unclear", error: unreadable(ref, listed.failure) }
  const { items } = listed.success
  const row = items.find((native) => sameId(definition, idOf(definition, native), id))
  if (row !== undefined) return { says: "there", native: row }
  const error = unwhole(definition, ref, listed.success)
  if (error) return { says: "unclear", error }
  const heir = items.find((native) => {
    const described = definition.describe(native)
    if (marker === null || described.marker !== marker || apart.includes(described.id)) return false
    return !isOver(definition.verdictOf(native, { intent: null, now }))
  })
  if (heir === undefined) return { says: "gone" }
  const other = refIn(definition, idOf(definition, heir))
  const message =
    `${definition.provider} does not show ${ref}, and ${other} carries the marker of its launch: ` +
    "it may cost money; end that one"
  return { says: "unclear", error: new Conflict({ message, retry: "temporary", ref, leftovers: [other] }) }
})

/** What is wrong with a row that answers for one machine; null when it is about that one. */
const checkAnswer = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  id: string,
  native: N
): BadResponse | null => {
  if (sameId(definition, idOf(definition, native), id)) return null
  const ref = refIn(definition, id)
  const message = `${definition.provider} was asked for ${ref} and answered for another one: nothing is known of it; ask again later`
  return new BadResponse({ message, retry: "temporary", path: "id", ref })
}

const wrongKind = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  id: string,
  other: Kind
): NotFound => {
  const ref = refIn(definition, id)
  const message = `${ref} does not exist: "${id}" is a ${other}. Nothing was done; its ref is ${definition.provider}/${other}/${id}`
  return new NotFound({ message, retry: "permanent", ref })
}

/** The rule above over one definition. */
export const prover = <P extends string, K extends Kind, N>(definition: AnyDefinition<P, K, N>) => ({
  prove: (id: string, marker: string | null, now: number, apart: ReadonlyArray<string>) =>
    prove(definition, id, marker, now, apart),
  checkAnswer: (id: string, native: N) => checkAnswer(definition, id, native),
  /** The kind that a row names, where it is another one than this. */
  otherKind: (native: N): Kind | null => {
    const own = definition.kindOf?.(native) ?? null
    return own === definition.kind ? null : own
  },
  wrongKind: (id: string, other: Kind) => wrongKind(definition, id, other)
})

/** What {@link prover} makes. */
export type Prover<N> = ReturnType<typeof prover<string, Kind, N>>
