import { BadResponse, type GpuError, Listing, type Offer, type Problem, type ResolvedFilter } from "@anygpu/core"
import { type Caller, coalesce, listRows, mapRows } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { endpoints } from "./endpoints.ts"
import { kindOfWord, offersIn, type ShadeformKind, taggedKind } from "./to-domain.ts"
import * as wire from "./wire.ts"

const at = { provider: "shadeform", operation: "listInstanceTypes", part: "types" } as const

type Types = Effect.Effect<Listing<wire.InstanceType>, GpuError>

/** A type is known by its cloud and its name: many clouds share a name. */
const typeOf = ({ cloud, shade_instance_type: type }: Pick<wire.Instance, "cloud" | "shade_instance_type">): string =>
  `${cloud}/${type}`

/** The types that are deployed in a way that no document knows: a problem for each word, said among the VMs. */
const strangeIn = (rows: ReadonlyArray<wire.InstanceType>): ReadonlyArray<Problem> => {
  const words = rows.flatMap(({ deployment_type: word }) => (kindOfWord(word) === null ? [word ?? "null"] : []))
  return [...new Set(words)].map((word) => {
    const count = words.filter((other) => other === word).length
    const message = `listInstanceTypes: ${count} types have the deployment_type ${JSON.stringify(word.slice(0, 40))}, which is in no document of Shadeform, and are left out; look for a newer anygpu`
    const error = new BadResponse({ message, retry: "permanent", path: "deployment_type", ...at, kind: "vm" })
    return { provider: at.provider, kind: "vm", part: "types", field: "deployment_type", error }
  })
}

/** The types of all clouds, and of what kind each is, which no answer about a machine says. */
export const catalogue = (caller: Caller) => {
  /** What is known of types by now: how one is deployed does not change. */
  const words = new Map<string, string | null>()

  const readOf = (query: { readonly num_gpus?: string }): Types =>
    coalesce(
      listRows<wire.InstanceType>(caller, {
        ...{ cloud: "Shadeform", operation: at.operation, part: at.part, field: "instance_types" },
        ...{ schema: wire.InstanceType, id: "shade_instance_type", keyOf: typeOf },
        ask: () =>
          Effect.map(caller.call(endpoints.listInstanceTypes, { query }), ({ instance_types: rows }) => ({ rows }))
      }).pipe(
        Effect.tap(({ items }) =>
          Effect.sync(() => {
            for (const row of items) words.set(typeOf(row), row.deployment_type ?? null)
          })
        )
      )
    )
  const all = readOf({})
  const reads = new Map<number, Types>()

  /** One read for all kinds that ask at once. */
  const typesWith = ({ gpuCount }: ResolvedFilter): Types => {
    if (gpuCount === undefined) return all
    const read = reads.get(gpuCount) ?? readOf({ num_gpus: String(gpuCount) })
    reads.set(gpuCount, read)
    return read
  }

  return {
    /** The kind of a machine: by its launch, else by its type, as far as that has been read; null where nothing says it. */
    kindOf: (row: wire.Instance): ShadeformKind | null => taggedKind(row) ?? kindOfWord(words.get(typeOf(row))),
    /** Reads the types, once, where a machine's kind is not known yet. That they cannot be read leaves it unknown. */
    learn: ({ items }: Listing<wire.Instance>): Effect.Effect<void> =>
      items.some((row) => taggedKind(row) === null && !words.has(typeOf(row))) ? Effect.ignore(all) : Effect.void,
    /** Every system of any type, each once. */
    systems: Effect.map(all, (types) => {
      const names = types.items.flatMap(({ configuration }) => configuration?.os_options ?? [])
      return types.with([...new Set(names)].sort().map((name) => ({ id: name, name, native: name })))
    }),
    /** The offers of one kind. */
    offersOf: <K extends ShadeformKind>(
      kind: K,
      filter: ResolvedFilter
    ): Effect.Effect<Listing<Offer<"shadeform", K>>, GpuError> =>
      Effect.map(typesWith(filter), ({ items, observedAt, problems }) => {
        const own = items.filter(({ deployment_type }) => kindOfWord(deployment_type) === kind)
        const source = { ...at, kind, idField: "shade_instance_type", idOf: typeOf }
        const made = mapRows(own, source, (row) => offersIn(row, { kind, observedAt }))
        const strange = kind === "vm" ? strangeIn(items) : []
        return Listing.read({ items: made.items, observedAt, problems: [...problems, ...made.problems, ...strange] })
      })
  }
}
