import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { type GpuError, IllegalAction, InvalidRequest, mayHaveTakenEffect, NotFound, ProviderFault } from "../errors.ts"
import { CurrentLedger } from "../ledger/current-ledger.ts"
import type { Instance } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import { Listing } from "../model/listing.ts"
import { formatMoney, type Money } from "../model/money.ts"
import type { InstanceRef } from "../model/ref.ts"
import { sshKeyProblem } from "../model/ssh-key.ts"
import type { Action } from "../model/status.ts"
import type { Target } from "./definition.ts"
import type { LogOptions, OptionalOps } from "./ops.ts"
import type { AnyDefinition } from "./read/any-definition.ts"
import { underFullName } from "./read/full-name.ts"
import type { Reader } from "./read/reader.ts"
import { checkNumber, checkUpdate } from "./validate.ts"

const refuse = (problem: string | null, path: string): Effect.Effect<void, InvalidRequest> =>
  problem === null ? Effect.void : Effect.fail(InvalidRequest.of(path, problem))

/** Whether an error means that the cloud did nothing; a start that waits for capacity is not refused but queued. */
const wasRefused = (error: GpuError): boolean => !mayHaveTakenEffect(error) && error._tag !== "NoCapacity"

/** A machine that the action is legal on. */
interface Legal<P extends string, K extends Kind, N> {
  readonly instance: Instance<P, K>
  readonly target: Target<N>
}

/**
 * The optional operations of a definition, with the care that all of them share: the machine is read first, what its
 * status forbids is refused, and what changes its course is in the ledger before it is sent.
 */
export const operationsOf = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  { look, sight, instanceOf, recordOf }: Reader<P, K, N>
): Partial<OptionalOps<P, K>> => {
  const { operations } = definition

  /** Reads a machine and refuses the action unless its status allows it. */
  const legal = Effect.fnUntraced(function* (
    ref: InstanceRef<P, K>,
    action: Action
  ): Effect.fn.Return<Legal<P, K, N>, GpuError> {
    const seen = yield* sight(ref.id)
    if (seen.is === "gone") {
      return yield* new NotFound({
        message: `${ref} does not exist (any more), so ${action} is not possible; list() shows what is there`,
        retry: "permanent",
        ref
      })
    }
    if (seen.is === "shown" && seen.by === "list" && definition.listKnowsLess) {
      const message = `${ref} is on the list, and a read does not find it: too little is known of it to ${action} it; try again later`
      return yield* new ProviderFault({ message, retry: "temporary", ref })
    }
    const { status, actions } = seen.is === "hidden" ? seen.instance : seen.observed.instance
    if (seen.is === "shown" && actions.includes(action)) {
      const { instance, native } = seen.observed
      const launch = (yield* recordOf(ref.id)) ?? null
      return { instance, target: { id: ref.id, native, described: definition.describe(native), launch } }
    }
    return yield* new IllegalAction({
      message: `${ref} is ${status}: ${action} is not possible now. Possible: ${actions.join(", ") || "nothing"}`,
      retry: "temporary",
      ref,
      action,
      status,
      legal: actions
    })
  })

  /**
   * An action on a machine that was read just now. That the cloud knows none is its word, which suggests that the machine is
   * gone and no more: `NotFound` only where what is known of it bears that out.
   */
  const heldAgainst = <A>(
    action: Action,
    ref: InstanceRef<P, K>,
    call: Effect.Effect<A, GpuError>
  ): Effect.Effect<A, GpuError> =>
    Effect.catchTag(call, "NotFound", (missing) =>
      Effect.flatMap(Effect.result(sight(ref.id)), (seen): Effect.Effect<never, GpuError> => {
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
  const steer = (action: "start" | "stop" | "restart") => {
    const call = operations[action]
    return (
      call && {
        [action]: Effect.fnUntraced(function* (ref: InstanceRef<P, K>): Effect.fn.Return<Instance<P, K>, GpuError> {
          const { target } = yield* legal(ref, action)
          const ledger = yield* CurrentLedger
          const known = yield* ledger.machine(ref)
          const before = known?.intent ?? null
          const intent = { action, at: yield* Clock.currentTimeMillis }
          yield* ledger.intend(ref, intent)
          const sent = call(target).pipe(
            Effect.tapError((error) => (wasRefused(error) ? ledger.intend(ref, before) : Effect.void))
          )
          yield* heldAgainst(action, ref, sent)
          return underFullName(instanceOf(target.native, intent, intent.at), known)
        })
      }
    )
  }

  /** An action that changes the machine but not its course, or its name: answers the machine read again. */
  const change = <A extends ReadonlyArray<unknown>>(
    action: Action,
    ref: InstanceRef<P, K>,
    name: string | undefined,
    call: (target: Target<N>, ...args: A) => Effect.Effect<void, GpuError>,
    ...args: A
  ): Effect.Effect<Instance<P, K>, GpuError> =>
    legal(ref, action).pipe(
      Effect.tap(({ target }) => heldAgainst(action, ref, call(target, ...args))),
      // The cloud took it: a ledger that cannot note it costs no more than the whole name.
      Effect.tap(() =>
        name === undefined ? Effect.void : Effect.flatMap(CurrentLedger, (it) => Effect.ignore(it.named(ref, name)))
      ),
      Effect.flatMap((before) => look(ref.id).pipe(Effect.map((after) => (after ?? before).instance)))
    )

  const output =
    (action: "logs" | "events", call: NonNullable<typeof operations.logs>) =>
    (ref: InstanceRef<P, K>, options: LogOptions = {}) =>
      Effect.gen(function* () {
        const issues = checkNumber("tail", options.tail, 1)
        if (issues.length > 0) return yield* InvalidRequest.all(issues)
        const { target } = yield* legal(ref, action)
        const lines = yield* heldAgainst(action, ref, call(target, options))
        return { lines, observedAt: yield* DateTime.now }
      })

  const whole = <A>(read: Effect.Effect<ReadonlyArray<A> | Listing<A>, GpuError>) =>
    Effect.gen(function* () {
      const items = yield* read
      if (items instanceof Listing) return items
      return new Listing({ items, complete: true, observedAt: yield* DateTime.now, problems: [] })
    })

  const { rename, update, changeBid, logs, events } = operations
  const { machineSshKeys, attachSshKey, detachSshKey, sshKeys, addSshKey, removeSshKey, balance, images } = operations
  const given: Partial<OptionalOps<P, K>> = {
    ...steer("start"),
    ...steer("stop"),
    ...steer("restart"),
    ...(rename && {
      rename: (ref, name) =>
        refuse(name.trim() ? null : "is empty", "name").pipe(
          Effect.andThen(Effect.suspend(() => change("rename", ref, name, rename, name)))
        )
    }),
    ...(update && {
      update: (ref, changes) =>
        Effect.andThen(
          checkUpdate(definition, changes),
          Effect.suspend(() => change("update", ref, changes.name, update, changes))
        )
    }),
    ...(changeBid && {
      changeBid: (ref, perHour: Money) =>
        refuse(perHour.micros > 0 ? null : `must be more than ${formatMoney(perHour)} per hour`, "perHour").pipe(
          Effect.andThen(Effect.suspend(() => change("changeBid", ref, undefined, changeBid, perHour)))
        )
    }),
    ...(logs && { logs: output("logs", logs) }),
    ...(events && { events: output("events", events) }),
    ...(machineSshKeys && {
      machineSshKeys: (ref) =>
        whole(legal(ref, "machineSshKeys").pipe(Effect.flatMap(({ target }) => machineSshKeys(target))))
    }),
    ...(attachSshKey && {
      attachSshKey: (ref, publicKey) =>
        refuse(sshKeyProblem(publicKey), "publicKey").pipe(
          Effect.andThen(Effect.suspend(() => legal(ref, "attachSshKey"))),
          Effect.flatMap(({ target }) => attachSshKey(target, publicKey))
        )
    }),
    ...(detachSshKey && {
      detachSshKey: (ref, id) =>
        legal(ref, "detachSshKey").pipe(Effect.flatMap(({ target }) => detachSshKey(target, id)))
    }),
    ...(sshKeys && { sshKeys: () => whole(Effect.suspend(() => sshKeys())) }),
    ...(addSshKey && {
      addSshKey: (publicKey, name) =>
        refuse(sshKeyProblem(publicKey), "publicKey").pipe(
          Effect.andThen(Effect.suspend(() => addSshKey(publicKey, name)))
        )
    }),
    ...(removeSshKey && { removeSshKey: (id) => removeSshKey(id) }),
    ...(balance && {
      balance: () =>
        Effect.gen(function* () {
          const available = yield* balance()
          return { available, observedAt: yield* DateTime.now }
        })
    }),
    ...(images && { images: () => images() })
  }
  return given
}
