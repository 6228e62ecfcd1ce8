import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { type GpuError, InvalidRequest } from "../errors.ts"
import type { Kind } from "../model/kind.ts"
import { Listing } from "../model/listing.ts"
import { formatMoney, type Money } from "../model/money.ts"
import type { InstanceRef } from "../model/ref.ts"
import { sshKeyProblem } from "../model/ssh-key.ts"
import { type Acting, change, legal, steer, verifyMissing } from "./acting.ts"
import { checkNumber } from "./amounts.ts"
import { scheduleEnd } from "./cloud-end.ts"
import type { Operations } from "./definition.ts"
import type { LogOptions, Logs, OptionalOps } from "./ops.ts"
import { checkUpdate } from "./validate.ts"

type Some<P extends string, K extends Kind> = Partial<OptionalOps<P, K>>

/** Runs an operation unless there is a problem with one of its arguments. */
const unless = <A>(
  problem: string | null,
  path: string,
  run: () => Effect.Effect<A, GpuError>
): Effect.Effect<A, GpuError> =>
  problem === null ? Effect.suspend(run) : Effect.fail(InvalidRequest.of(path, problem))

/** A whole listing of what an adapter answers as a plain list. */
const whole = <A>(read: Effect.Effect<ReadonlyArray<A> | Listing<A>, GpuError>) =>
  Effect.flatMap(read, (items) =>
    items instanceof Listing
      ? Effect.succeed(items)
      : Effect.map(DateTime.now, (observedAt) => new Listing({ items, complete: true, observedAt, problems: [] }))
  )

/** What changes a machine's course. */
const steering = <P extends string, K extends Kind, N>(on: Acting<P, K, N>): Some<P, K> => {
  const { start, stop, restart } = on.definition.operations
  return {
    ...(start && { start: (ref) => steer(on, "start", ref, start) }),
    ...(stop && { stop: (ref) => steer(on, "stop", ref, stop) }),
    ...(restart && { restart: (ref) => steer(on, "restart", ref, restart) })
  }
}

/** What changes a machine and leaves it running. */
const changing = <P extends string, K extends Kind, N>(on: Acting<P, K, N>): Some<P, K> => {
  const { rename, update, changeBid, scheduleEnd: schedule } = on.definition.operations
  return {
    ...(rename && {
      rename: (ref, name) =>
        unless(name.trim() ? null : "is empty", "name", () =>
          change(on, "rename", ref, name, (target) => rename(target, name))
        )
    }),
    ...(update && {
      update: (ref, changes) =>
        Effect.andThen(
          checkUpdate(on.definition, changes),
          Effect.suspend(() => change(on, "update", ref, changes.name, (target) => update(target, changes)))
        )
    }),
    ...(changeBid && {
      changeBid: (ref, perHour: Money) =>
        unless(perHour.micros > 0 ? null : `must be more than ${formatMoney(perHour)} per hour`, "perHour", () =>
          change(on, "changeBid", ref, undefined, (target) => changeBid(target, perHour))
        )
    }),
    ...(schedule && { scheduleEnd: (ref, end) => scheduleEnd(on, ref, end, schedule) })
  }
}

const output = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  on: Acting<P, K, N>,
  action: "logs" | "events",
  ref: InstanceRef<P, K>,
  options: LogOptions,
  call: Operations<N>["logs"]
): Effect.fn.Return<Logs, GpuError> {
  const issues = checkNumber("tail", options.tail, 1)
  if (issues.length > 0) return yield* InvalidRequest.all(issues)
  const { target } = yield* legal(on, ref, action)
  const lines = yield* verifyMissing(on, action, ref, call(target, options))
  return { lines, observedAt: yield* DateTime.now }
})

/** What a machine has to say. */
const reports = <P extends string, K extends Kind, N>(on: Acting<P, K, N>): Some<P, K> => {
  const { logs, events } = on.definition.operations
  return {
    ...(logs && { logs: (ref, options = {}) => output(on, "logs", ref, options, logs) }),
    ...(events && { events: (ref, options = {}) => output(on, "events", ref, options, events) })
  }
}

/** Who may log in to a machine. */
const machineKeys = <P extends string, K extends Kind, N>(on: Acting<P, K, N>): Some<P, K> => {
  const { machineSshKeys, attachSshKey, detachSshKey } = on.definition.operations
  return {
    ...(machineSshKeys && {
      machineSshKeys: (ref) =>
        whole(Effect.flatMap(legal(on, ref, "machineSshKeys"), ({ target }) => machineSshKeys(target)))
    }),
    ...(attachSshKey && {
      attachSshKey: (ref, publicKey) =>
        unless(sshKeyProblem(publicKey), "publicKey", () =>
          Effect.flatMap(legal(on, ref, "attachSshKey"), ({ target }) => attachSshKey(target, publicKey))
        )
    }),
    ...(detachSshKey && {
      detachSshKey: (ref, id) =>
        Effect.flatMap(legal(on, ref, "detachSshKey"), ({ target }) => detachSshKey(target, id))
    })
  }
}

/** What concerns the account, and no machine. */
const ofAccount = <P extends string, K extends Kind, N>({ definition }: Acting<P, K, N>): Some<P, K> => {
  const { sshKeys, addSshKey, removeSshKey, balance, images, volumes } = definition.operations
  return {
    ...(sshKeys && { sshKeys: () => whole(Effect.suspend(() => sshKeys())) }),
    ...(addSshKey && {
      addSshKey: (publicKey, name) => unless(sshKeyProblem(publicKey), "publicKey", () => addSshKey(publicKey, name))
    }),
    ...(removeSshKey && { removeSshKey: (id) => removeSshKey(id) }),
    ...(balance && {
      balance: () =>
        Effect.flatMap(balance(), (available) => Effect.map(DateTime.now, (observedAt) => ({ available, observedAt })))
    }),
    ...(images && { images: () => images() }),
    ...(volumes && { volumes: () => volumes() })
  }
}

/**
 * The optional operations of a definition, with the care that all of them share: the machine is read first, what its
 * status forbids is refused, and what changes its course is in the ledger before it is sent.
 */
export const optionalOperations = <P extends string, K extends Kind, N>(on: Acting<P, K, N>): Some<P, K> => ({
  ...steering(on),
  ...changing(on),
  ...reports(on),
  ...machineKeys(on),
  ...ofAccount(on)
})
