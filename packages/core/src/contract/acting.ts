import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { type GpuError, IllegalAction, mayHaveTakenEffect, NotFound, ProviderFault } from "../errors.ts"
import { CurrentLedger } from "../ledger/current-ledger.ts"
import type { Instance } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import type { InstanceRef } from "../model/ref.ts"
import type { Action } from "../model/status.ts"
import type { Target } from "./definition.ts"
import type { AnyDefinition } from "./read/any-definition.ts"
import { asLaunched } from "./read/as-launched.ts"
import type { Reader } from "./read/reader.ts"
import { sinceLaunch } from "./read/since.ts"

/** What acting on machines needs: the cloud, and how its machines are read. */
export interface Acting<P extends string, K extends Kind, N> {
  readonly definition: AnyDefinition<P, K, N>
  readonly machines: Reader<P, K, N>
}

/** A machine that the action is legal on. */
interface Legal<P extends string, K extends Kind, N> {
  readonly instance: Instance<P, K>
  readonly target: Target<N>
}

/** Whether an error means that the cloud did nothing; a start that waits for capacity is not refused but queued. */
const wasRefused = (error: GpuError): boolean => !mayHaveTakenEffect(error) && error._tag !== "NoCapacity"

const missing = (ref: InstanceRef, action: Action): NotFound =>
  new NotFound({
    message: `${ref} does not exist (any more), so ${action} is not possible; list() shows what is there`,
    retry: "permanent",
    ref
  })

const tooLittleKnown = (ref: InstanceRef, action: Action): ProviderFault =>
  new ProviderFault({
    message: `${ref} is on the list, and a read does not find it: too little is known of it to ${action} it; try again later`,
    retry: "temporary",
    ref
  })

const illegal = (ref: InstanceRef, action: Action, { status, actions }: Instance): IllegalAction =>
  new IllegalAction({
    message: `${ref} is ${status}: ${action} is not possible now. Possible: ${actions.join(", ") || "nothing"}`,
    retry: "temporary",
    ...{ ref, action, status, legal: actions }
  })

/** Reads a machine and refuses the action unless its status allows it. */
export const legal = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  { definition, machines }: Acting<P, K, N>,
  ref: InstanceRef<P, K>,
  action: Action
): Effect.fn.Return<Legal<P, K, N>, GpuError> {
  const seen = yield* machines.sight(ref.id)
  if (seen.is === "gone") return yield* missing(ref, action)
  if (seen.is === "hidden") return yield* illegal(ref, action, seen.instance)
  if (seen.by === "list" && definition.listKnowsLess) return yield* tooLittleKnown(ref, action)
  const { instance, native } = seen.observed
  if (!instance.actions.includes(action)) return yield* illegal(ref, action, instance)
  const launch = (yield* machines.recordOf(ref.id)) ?? null
  return { instance, target: { id: ref.id, native, described: definition.describe(native), launch } }
})

/**
 * An action on a machine that was read just now. That the cloud knows none is its word, which suggests that the machine is
 * gone and no more: `NotFound` only where what is known of it bears that out.
 */
export const verifyMissing = <P extends string, K extends Kind, N, A>(
  { definition, machines }: Acting<P, K, N>,
  action: Action,
  ref: InstanceRef<P, K>,
  call: Effect.Effect<A, GpuError>
): Effect.Effect<A, GpuError> =>
  Effect.catchTag(call, "NotFound", (missing) =>
    Effect.flatMap(Effect.result(machines.sight(ref.id)), (seen): Effect.Effect<never, GpuError> => {
      if (seen._tag === "Success" && seen.success.is === "gone") return Effect.fail(missing)
      const shows =
        seen._tag === "Success" ? "shows it all the same" : `cannot be asked again (${seen.failure.message})`
      const message =
        `${definition.provider} answered ${action} as if there were no ${ref}, and ${shows}: it may cost money; try again ` +
        `later (${missing.message})`
      const { http, requestId } = missing
      return Effect.fail(new ProviderFault({ message, retry: "temporary", ref, cause: missing, http, requestId }))
    })
  )

/** An action that changes the machine's course: intent first, then the call; answers the state it leads to. */
export const steer = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  on: Acting<P, K, N>,
  action: "start" | "stop" | "restart",
  ref: InstanceRef<P, K>,
  call: (target: Target<N>) => Effect.Effect<void, GpuError>
): Effect.fn.Return<Instance<P, K>, GpuError> {
  const { target } = yield* legal(on, ref, action)
  const ledger = yield* CurrentLedger
  const known = yield* ledger.machine(ref)
  const before = known?.intent ?? null
  const intent = { action, at: yield* Clock.currentTimeMillis }
  yield* ledger.intend(ref, intent)
  const sent = call(target).pipe(
    Effect.tapError((error) => (wasRefused(error) ? ledger.intend(ref, before) : Effect.void))
  )
  yield* verifyMissing(on, action, ref, sent)
  return yield* sinceLaunch(asLaunched(on.machines.instanceOf(target.native, intent, intent.at), known))
})

/** An action that changes the machine but not its course, or its name: answers the machine read again. */
export const change = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  on: Acting<P, K, N>,
  action: Action,
  ref: InstanceRef<P, K>,
  name: string | undefined,
  call: (target: Target<N>) => Effect.Effect<void, GpuError>
): Effect.fn.Return<Instance<P, K>, GpuError> {
  const before = yield* legal(on, ref, action)
  const ledger = yield* CurrentLedger
  // Another image, or other variables, make another container.
  const forgetHostKey =
    action === "update" && ref.kind === "container" ? Effect.ignore(ledger.keepHostKey(ref, null)) : Effect.void
  yield* verifyMissing(on, action, ref, call(before.target)).pipe(
    Effect.tapError((error) => (wasRefused(error) ? Effect.void : forgetHostKey))
  )
  yield* forgetHostKey
  // The cloud took it: a ledger that cannot note it costs no more than the whole name.
  if (name !== undefined) yield* Effect.ignore(ledger.named(ref, name))
  return ((yield* on.machines.look(ref.id)) ?? before).instance
})
