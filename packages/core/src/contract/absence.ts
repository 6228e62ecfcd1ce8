import * as Effect from "effect/Effect"
import { Anew } from "../adapter/joined.ts"
import { BadResponse, Conflict, type GpuError, NotFound, ProviderFault, withContext } from "../errors.ts"
import type { MachineRecord } from "../ledger/ledger.ts"
import type { Instance } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import { InstanceRef } from "../model/ref.ts"
import type { AnyDefinition } from "./observe.ts"

/*
 * Absence is proven, never inferred. One rule, for all clouds and everything that asks whether a machine is gone:
 *
 * - Suggested is it by a null of `read`, by `NotFound` of `destroy`, both of them the cloud's own words for "no such
 *   machine", and, once its end was asked for, by a word that the cloud's table does not know.
 * - Proven is it by a complete list that was begun afterwards and shows neither the machine's id nor its marker. Where the
 *   ledger knows the machine, so long afterwards that no moment of a cloud that answers nothing at all can be both.
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
 * The moment at which a machine that was verified gone shows all the same, as a ledger takes it; null when the answer that
 * shows it was asked for before that.
 *
 * - `began`: when that answer was asked for. An end that lies ahead of the wall clock was written by one that was set back
 *   since, or by a process whose clock is ahead: nothing tells which came first, and whoever costs money is not gone.
 */
export const againAt = (known: MachineRecord | null | undefined, began: number, now: number): number | null => {
  if (known?.goneAt == null) return null
  if (began >= known.goneAt) return began
  return known.goneAt > now ? known.goneAt : null
}

/** The rule above over one definition. */
export const prover = <P extends string, K extends Kind, N>(definition: AnyDefinition<P, K, N>) => {
  const { provider, kind } = definition
  const refOf = (id: string) => new InstanceRef(provider, kind, id)
  const idOf = (native: N): string => definition.describe(native).id
  const everyRow = Effect.suspend(() => definition.readAllKinds?.() ?? definition.readAll()).pipe(
    Effect.provideService(Anew, true)
  )
  const mayCost = (ref: InstanceRef, because: string) =>
    `${provider} does not show ${ref}, and its list, which has to agree, ${because}: it may be there and may cost money`

  /**
   * Reads a list that begins now, and judges a machine by it.
   *
   * - `marker`: that of its launch, where it is known. `apart`: other machines that carry it, as is known already.
   */
  const prove = Effect.fnUntraced(function* (
    id: string,
    marker: string | null,
    now: number,
    apart: ReadonlyArray<string>
  ): Effect.fn.Return<Evidence<N>> {
    const ref = refOf(id)
    const unclear = (error: GpuError): Evidence<N> => ({ says: "unclear", error })
    const listed = yield* Effect.result(everyRow)
    if (listed._tag === "Failure") {
      const cause = listed.failure
      const message = mayCost(ref, `cannot be read (${cause.message})`)
      // What a list does not find is the list.
      return unclear(
        cause._tag === "NotFound"
          ? new ProviderFault({ message, retry: "temporary", ref, cause })
          : withContext(cause, { message, ref })
      )
    }
    const { items, complete, problems } = listed.success
    const row = items.find((native) => sameId(definition, idOf(native), id))
    if (row !== undefined) return { says: "there", native: row }
    const areOthers = problems.every((problem) => problem.id !== undefined && !sameId(definition, problem.id, id))
    if (!complete && (problems.length === 0 || !areOthers)) {
      const cause = problems[0]?.error
      const message = mayCost(ref, `is not whole${cause ? ` (${cause.message})` : ""}`)
      return unclear(new ProviderFault({ message, retry: "temporary", ref, cause }))
    }
    const asked = { intent: null, now }
    const heir = items.find((native) => {
      const described = definition.describe(native)
      if (marker === null || described.marker !== marker || apart.includes(described.id)) return false
      return !isOver(definition.verdictOf(native, asked))
    })
    if (heir === undefined) return { says: "gone" }
    const other = refOf(idOf(heir))
    const message = `${provider} does not show ${ref}, and ${other} carries the marker of its launch: it may cost money; end that one`
    return unclear(new Conflict({ message, retry: "temporary", ref, leftovers: [other] }))
  })

  /** What is wrong with a row that answers for one machine; null when it is about that one. */
  const checkAnswer = (id: string, native: N): BadResponse | null => {
    const answered = idOf(native)
    if (sameId(definition, answered, id)) return null
    const message = `${provider} was asked for ${refOf(id)} and answered for another one: nothing is known of it; ask again later`
    return new BadResponse({ message, retry: "temporary", path: "id", ref: refOf(id) })
  }

  /** The kind that a row tells, where it is another one than this. */
  const otherKind = (native: N): Kind | null => {
    const told = definition.kindOf?.(native) ?? null
    return told === kind ? null : told
  }

  const wrongKind = (id: string, told: Kind): NotFound => {
    const message = `${refOf(id)} does not exist: "${id}" is a ${told}. Nothing was done; its ref is ${provider}/${told}/${id}`
    return new NotFound({ message, retry: "permanent", ref: refOf(id) })
  }

  return { prove, checkAnswer, otherKind, wrongKind }
}
