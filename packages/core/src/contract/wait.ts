import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { Conflict, type GpuError, InvalidRequest, NoCapacity, ProviderFault, Timeout, withContext } from "../errors.ts"
import { type Instance, isReady } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import { type InstanceRef, ownRef } from "../model/ref.ts"
import { type Status, statuses } from "../model/status.ts"
import { waitShape } from "./arguments.ts"
import type { Provider } from "./provider.ts"

/** How to wait for a machine. */
export interface WaitOptions<P extends string = string, K extends Kind = Kind> {
  /** How long before `Timeout`; the provider's boot time otherwise. */
  readonly within?: Duration.Input
  /** Between two looks; the provider's own pace otherwise. */
  readonly every?: Duration.Input
  /** Called with the first look and with each one that differs in status, reason, billing or readiness. */
  readonly onChange?: (instance: Instance<P, K>) => void
}

/** So many looks in a row may answer `unknown` (a host without contact) before a wait gives up. */
const patience = 3

/** Why a machine will not become ready by waiting; null while it may. */
const stuck = (instance: Instance): GpuError | null => {
  const { status, reason, ref, billing } = instance
  const because = reason ? ` (${reason})` : ""
  switch (status) {
    case "failed": {
      const left = billing === "none" ? {} : { leftovers: [ref] }
      if (reason === "no-capacity") {
        const message = `${ref} found no free hardware after all; launch on another offer`
        return new NoCapacity({ message, retry: "permanent", ref, ...left })
      }
      const costs = billing === "none" ? "It costs nothing" : "It may still cost money: terminate it"
      const message = `${ref} failed${because} and will not run by itself. ${costs}`
      return new ProviderFault({ message, retry: "permanent", ref, ...left })
    }
    case "terminating":
    case "terminated":
    case "stopping":
    case "stopped":
    case "interrupted":
      return new Conflict({
        message: `${ref} is ${status}${because}, so it will not become ready by waiting`,
        retry: "permanent",
        ref,
        ...(status !== "terminated" && { leftovers: [ref] })
      })
    default:
      return null
  }
}

const face = (instance: Instance): string =>
  [instance.status, instance.reason, instance.billing, isReady(instance)].join("|")

/**
 * Looks at a machine until `done` says so.
 *
 * - `Timeout` after `within`, with the machine's ref: the wait is over, the machine is not.
 * - `hopeless` ends the wait early with an error; reads that fail for the moment are tried again until the time is up.
 */
const waitUntil = Effect.fnUntraced(function* <P extends string, K extends Kind>(
  provider: Provider<P, K>,
  target: InstanceRef<P, K>,
  done: (instance: Instance) => boolean,
  hopeless: (instance: Instance) => GpuError | null,
  wanted: string,
  options: WaitOptions<P, K>
): Effect.fn.Return<Instance<P, K>, GpuError> {
  const ref = yield* Effect.fromResult(ownRef(provider, target))
  const issues = waitShape("options", options)
  if (issues.length > 0) return yield* InvalidRequest.all(issues)
  const within = Duration.fromInputUnsafe(options.within ?? provider.timing.bootWithin)
  const every = options.every ?? provider.timing.pollEvery
  const place = { provider: provider.provider, kind: provider.kind, operation: `wait for ${wanted}` }
  const start = yield* Clock.currentTimeMillis
  let shown = ""
  let lost = 0
  const isOver = () => Effect.map(Clock.currentTimeMillis, (now) => now - start >= Duration.toMillis(within))
  for (;;) {
    const look = yield* Effect.result(provider.get(ref))
    if (look._tag === "Failure") {
      if (look.failure.retry === "permanent" || (yield* isOver())) return yield* Effect.fail(look.failure)
      yield* Effect.sleep(every)
      continue
    }
    const instance = look.success
    if (face(instance) !== shown) options.onChange?.(instance)
    shown = face(instance)
    if (done(instance)) return instance
    lost = instance.status === "unknown" ? lost + 1 : 0
    const error = hopeless(instance) ?? (lost >= patience ? noContact(instance) : null)
    if (error) return yield* Effect.fail(withContext(error, place))
    if (yield* isOver()) {
      return yield* new Timeout({
        ...place,
        message:
          `${ref} is ${instance.status} after ${Duration.format(within)}, not ${wanted}. ` +
          `It is still there and may cost money: wait longer, or terminate it`,
        retry: "temporary",
        after: within,
        ref,
        leftovers: [ref]
      })
    }
    yield* Effect.sleep(every)
  }
})

const noContact = (instance: Instance): ProviderFault =>
  new ProviderFault({
    message:
      `${instance.ref} answered "unknown" ${patience} times in a row${instance.reason ? ` (${instance.reason})` : ""}: ` +
      `${JSON.stringify(instance.native)}. It is still there and may cost money: look again later, or terminate it`,
    retry: "temporary",
    ref: instance.ref,
    leftovers: [instance.ref]
  })

/**
 * Waits until a machine is up and reachable.
 *
 * - Ends early when it cannot get there: `ProviderFault` for a failed or lost machine, `Conflict` for one that was
 *   stopped, interrupted or ended. Each carries the ref; nothing is terminated by waiting.
 * - `Timeout` after the provider's boot time, or `within`.
 */
export const waitUntilReady = <P extends string, K extends Kind>(
  provider: Provider<P, K>,
  ref: InstanceRef<P, K>,
  options: WaitOptions<P, K> = {}
): Effect.Effect<Instance<P, K>, GpuError> => waitUntil(provider, ref, isReady, stuck, "ready", options)

const final: ReadonlyArray<Status> = ["terminated"]

/** Waits until a machine has a status; `Conflict` when it is gone for good before that. */
export const waitForStatus = <P extends string, K extends Kind>(
  provider: Provider<P, K>,
  ref: InstanceRef<P, K>,
  status: Status,
  options: WaitOptions<P, K> = {}
): Effect.Effect<Instance<P, K>, GpuError> =>
  statuses.includes(status)
    ? waitUntil(
        provider,
        ref,
        (instance) => instance.status === status,
        (instance) => (final.includes(instance.status) ? stuck(instance) : null),
        status,
        options
      )
    : Effect.fail(InvalidRequest.of("status", `is none; there are ${statuses.join(", ")}`))
