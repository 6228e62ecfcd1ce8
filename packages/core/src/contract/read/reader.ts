import type { LaunchRecord } from "../../ledger/ledger.ts"
import type { Kind } from "../../model/kind.ts"
import { InstanceRef } from "../../model/ref.ts"
import type { Intent } from "../../model/status.ts"
import { prover } from "./absence.ts"
import { isOdd, type Reading, recordOf, type Span } from "./admit.ts"
import type { AnyDefinition } from "./any-definition.ts"
import { instanceOf, unseenOf } from "./assemble.ts"
import { freshness } from "./freshness.ts"
import { listWith } from "./list.ts"
import { admitRead, confirm, get, look, sight } from "./sight.ts"

/** Reading machines: payload and ledger in, `Instance` out. */
export const reader = <P extends string, K extends Kind, N>(definition: AnyDefinition<P, K, N>) => {
  const on: Reading<P, K, N> = { definition, fresh: freshness(definition), prover: prover(definition) }
  const { mayHide, isFresh } = on.fresh
  return {
    refOf: (id: string) => new InstanceRef(definition.provider, definition.kind, id),
    instanceOf: (native: N, intent: Intent | null, now: number) => instanceOf(definition, native, intent, now),
    unseen: (id: string, record: LaunchRecord | undefined, now: number) => unseenOf(definition, id, record, now),
    isOdd: (native: N, now: number) => isOdd(definition, native, now),
    recordOf: (id: string) => recordOf(definition, id),
    admitRead: (id: string, native: N, span: Span) => admitRead(on, id, native, span),
    look: (id: string) => look(on, id),
    confirm: (id: string, apart?: ReadonlyArray<string>) => confirm(on, id, apart),
    sight: (id: string) => sight(on, id),
    get: (id: string) => get(on, id),
    list: () => listWith(on),
    ...{ mayHide, isFresh }
  }
}

/** What {@link reader} makes. */
export type Reader<P extends string, K extends Kind, N> = ReturnType<typeof reader<P, K, N>>
