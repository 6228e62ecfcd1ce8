import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { currentMoment, type Moment } from "../../elapsed.ts"
import type { GpuError } from "../../errors.ts"
import { CurrentLedger } from "../../ledger/current-ledger.ts"
import type { LaunchRecord, MachineRecord } from "../../ledger/ledger.ts"
import type { Kind } from "../../model/kind.ts"
import type { InstanceRef } from "../../model/ref.ts"
import type { TerminateOptions } from "../ops.ts"
import type { AnyDefinition } from "../read/any-definition.ts"
import type { Reader } from "../read/reader.ts"

/** What a cloud's machines are ended with. */
export interface Ground<P extends string, K extends Kind, N> {
  readonly definition: AnyDefinition<P, K, N>
  readonly machines: Reader<P, K, N>
}

/** What is known of a machine before its end is asked for, and how long it may take. */
export interface Ending<P extends string, K extends Kind, N> extends Ground<P, K, N> {
  readonly ref: InstanceRef<P, K>
  readonly apart: ReadonlyArray<string>
  readonly begun: Moment
  readonly known: MachineRecord | null
  readonly record: LaunchRecord | undefined
  /** Whether its end was asked for before. */
  readonly wasAsked: boolean
  /** Milliseconds that it may take, and that a cloud which cannot end it yet is waited for besides. */
  readonly within: number
  readonly busyFor: number
  readonly isPatient: boolean
}

/** Whether the end of a machine that this ledger does not know must be preceded by a look at what it is. */
const isStranger = <P extends string, K extends Kind, N>(
  { definition, machines }: Ground<P, K, N>,
  { id }: InstanceRef,
  known: MachineRecord | null
): Effect.Effect<boolean, GpuError> =>
  definition.kindOf === undefined || known?.firstSeen != null
    ? Effect.succeed(false)
    : Effect.map(machines.recordOf(id), (record) => record === undefined)

/** Writes down that the end is asked for; null where a look shows that there is nothing to end. */
export const begin = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  ground: Ground<P, K, N>,
  ref: InstanceRef<P, K>,
  options: TerminateOptions,
  apart: ReadonlyArray<string>
): Effect.fn.Return<Ending<P, K, N> | null, GpuError> {
  const { definition, machines } = ground
  const { terminateWithin, bootWithin } = definition.timing
  const ledger = yield* CurrentLedger
  const begun = yield* currentMoment
  const known = yield* ledger.machine(ref)
  if (definition.isId?.(ref.id) === false || (yield* isStranger(ground, ref, known))) {
    const { is } = yield* machines.sight(ref.id)
    if (is === "gone") return null
  }
  const wasAsked = known?.intent?.action === "terminate"
  if (known && !wasAsked) yield* ledger.intend(ref, { action: "terminate", at: begun.wall })
  const record = known ? yield* Effect.orElseSucceed(machines.recordOf(ref.id), () => undefined) : undefined
  return {
    ...{ ...ground, ref, apart, begun, known, record, wasAsked },
    within: Duration.toMillis(Duration.fromInputUnsafe(options.within ?? terminateWithin)),
    busyFor: options.within === undefined ? Duration.toMillis(bootWithin) : 0,
    isPatient: (options.ifBusy ?? "wait") === "wait"
  }
})

/** Nothing was asked of the cloud after all: the ledger holds what it held before. */
export const takeBack = ({ ref, known }: { readonly ref: InstanceRef; readonly known: MachineRecord | null }) =>
  Effect.flatMap(CurrentLedger, (ledger) => (known ? ledger.intend(ref, known.intent) : Effect.void))
