import { BadResponse, type GpuError, money, type SshKey, Unsupported } from "@anygpu/core"
import { type Caller, keyRegistry, listRows } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { endpoints } from "./endpoints.ts"
import * as wire from "./wire.ts"

const keyOf = ({ id, name, key, fingerprint }: wire.Key): SshKey => ({
  ...{ id, name: name || null, publicKey: key || null, fingerprint: fingerprint || null }
})

/** The project of the keys, which its journal names: no other route says whose they are. */
export const projectOf = ({ call, rows }: Caller): Effect.Effect<string, GpuError> =>
  Effect.gen(function* () {
    const raw = yield* call(endpoints.listJournal, { query: { pageSize: 1 } })
    const { rows: events } = yield* rows(wire.Event, raw, { part: "events", operation: "listJournal" })
    const project = events.find(({ project_id }) => project_id)?.project_id
    if (project) return project
    const message = "the journal of the project is empty: whose the keys are is not known yet"
    return yield* new BadResponse({ message, retry: "temporary", path: "" })
  })

/** What a project holds besides machines: keys and credit. */
export const account = (caller: Caller) => {
  const { call } = caller
  const keys = listRows<wire.Key>(caller, {
    ...{ cloud: "Verda", operation: "listSshKeys", part: "keys", schema: wire.Key, keyOf: ({ id }) => id },
    ask: () => Effect.map(call(endpoints.listSshKeys), (rows) => ({ rows }))
  }).pipe(Effect.map((all) => all.with(all.items.map(keyOf))))
  const registry = keyRegistry({
    by: "text",
    keys,
    register: (key, name) =>
      Effect.map(call(endpoints.createSshKey, { body: { name, key } }), (id) => ({
        ...{ id, name, publicKey: key, fingerprint: null }
      }))
  })
  const removeSshKey = (id: string) =>
    call(endpoints.deleteSshKey, { params: { id } }).pipe(
      Effect.asVoid,
      Effect.catchTag("NotFound", () => Effect.void)
    )

  let known: string | undefined
  /** The currency of the project, which its balance names; asked for until it is known. */
  const currency = Effect.suspend(() =>
    known === undefined
      ? Effect.map(call(endpoints.getBalance, { kind: "vm" }), (balance) => {
          known = balance.currency
          return known
        })
      : Effect.succeed(known)
  )

  /** A debt is nothing to spend. */
  const balance = Effect.flatMap(call(endpoints.getBalance), ({ amount, currency: of }) => {
    known = of
    if (of.toLowerCase() === "usd") return Effect.succeed(money(Math.max(0, amount)))
    const message = `the project is billed in ${of}, and amounts are counted in dollars here: ask native.getBalance()`
    return Effect.fail(new Unsupported({ message, retry: "permanent", feature: "balance" }))
  })

  return { keys, registry, removeSshKey, currency, balance }
}
