import { shortRef } from "@anygpu/operations"
import {
  type AnywhereRequest,
  Conflict,
  type Instance,
  type InstanceRef,
  isGpuError,
  type LaunchRecord,
  leavesSomething,
  type Money,
  type Offer,
  type Step,
  spentUnder
} from "anygpu"
import { toMillis } from "effect/Duration"
import { runPromise } from "effect/Effect"
import type { Context } from "./context.ts"
import { durationText } from "./format.ts"
import type { Order } from "./order.ts"
import { plain } from "./plain.ts"

/** What is to be rented, before there is an offer. */
export interface Wanted {
  readonly request: AnywhereRequest
  /** The one offer that is named, as `offers` prints it. */
  readonly offer: string | undefined
  /** Whether the machine is waited for until it is ready, or only until it is known. */
  readonly until: "ready" | "made"
}

/** The launch that holds a key; undefined when it is free. */
const holderOf = async ({ ledger }: Context, key: string): Promise<LaunchRecord | undefined> => {
  const states = ["open", "created", "absent", "unsettled"] as const
  return (await runPromise((await ledger()).launches({ key, states }))).at(-1)
}

/** The key names one launch: where an offer is named, it is on that offer. */
const mustBeOn = (offer: string, { key, provider, kind, offerId }: LaunchRecord): void => {
  const held = `${provider}/${kind}/${offerId}`
  if ([held, shortRef(held)].includes(offer.trim())) return
  const message =
    `The key "${key}" was used for another launch (offer ${held}, not ${offer.trim()}): nothing was sent; use a key of ` +
    "its own for each launch"
  throw new Conflict({ message, retry: "permanent" })
}

/** What is said while it is not known yet what came of an earlier launch. */
export const waitingText = ({ launch, within }: Extract<Step, { type: "waiting" }>): string =>
  `waiting for what came of the launch ${plain(launch.name)} under this key, ${durationText(toMillis(within))} at most: ` +
  "launching again could pay twice"

/**
 * The machine of an earlier launch with the key of what is wanted, also of one that is under way in another process; null
 * when the key is free, or there is none. It comes before the market, the quote and the question.
 *
 * - Throws `InvalidRequest` for a launch that is wrong whatever its offer, and `Conflict` when its key names another one.
 */
export const earlierMachine = async (context: Context, { request, offer, until }: Wanted): Promise<Instance | null> => {
  const { gpu, out, signal } = context
  const { key } = request
  const client = await gpu()
  if (key === undefined) return await client.earlierLaunch(request, { signal })
  const holder = await holderOf(context, key)
  if (holder && offer !== undefined) mustBeOn(offer, holder)
  return await out.during(`waiting for the machine of the key "${key}"`, (say) => {
    const onProgress = (step: Step) => {
      if (step.type !== "waiting") return
      say(waitingText(step))
      if (!out.live) out.note(waitingText(step))
    }
    return client.earlierLaunch({ ...request, onProgress }, { until, signal })
  })
}

/**
 * The machine for which another process has taken the key meanwhile, after a step of a launch has failed.
 *
 * - Throws what the step has thrown when that may have made something, or the key is still free. Otherwise that the other
 *   launch is not the one that is wanted, or why its machine cannot be told.
 */
export const afterFailure = async (context: Context, wanted: Wanted, failed: unknown): Promise<Instance> => {
  const isOver = wanted.request.key === undefined || context.signal.aborted
  if (isOver || !isGpuError(failed) || leavesSomething(failed)) throw failed
  const machine = await earlierMachine(context, wanted)
  if (machine) return machine
  throw failed
}

/**
 * Whether a launch on one of some offers was that of another process, which had taken the key just before.
 *
 * - Throws `Conflict` when the other launch is not the one that is wanted.
 */
export const isOfAnother = async (
  context: Context,
  wanted: Wanted,
  { ref, offers }: { readonly ref: InstanceRef; readonly offers: ReadonlyArray<Offer> }
): Promise<boolean> => {
  const { key } = wanted.request
  // The machine is there: a ledger that cannot be read is no reason to keep it back.
  const holder = key === undefined ? undefined : await holderOf(context, key).catch(() => undefined)
  if (!holder || holder.instanceId !== ref.id) return false
  const isOwn = ({ id, provider, kind }: Offer) =>
    id === holder.offerId && provider === holder.provider && kind === holder.kind
  if (offers.some(isOwn)) return false
  await earlierMachine(context, { ...wanted, until: "made" }).catch((error: unknown) => {
    // The machine is known: only that it is another one stands against it.
    if (isGpuError(error) && error._tag === "Conflict") throw error
  })
  return true
}

/**
 * The limit of a launch as a whole, whose key counts what earlier calls with it have spent. One that was given stands; the
 * one of a quote, which is asked about anew at each call, is for this call.
 */
export const limitBeside = async (
  { ledger }: Context,
  { key, maxTotal }: Pick<Order, "key" | "maxTotal">,
  quoted: Money
): Promise<Money> => {
  if (maxTotal !== undefined || key === undefined) return quoted
  const earlier = await runPromise(spentUnder(await ledger(), key))
  return { ...quoted, micros: earlier.reduce((sum, { micros }) => sum + micros, quoted.micros) }
}
