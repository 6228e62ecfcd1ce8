import {
  type AnyProvider,
  Conflict,
  EarlierMachine,
  type GpuError,
  type Instance,
  type InstanceRef,
  type LaunchSpec,
  type Offer,
  ProviderFault
} from "@anygpu/core"
import * as Effect from "effect/Effect"
import { costOf } from "../cost/launch-cost.ts"
import type { Guarded } from "../spending/guarded.ts"
import { type Boot, begunWhenSent } from "./boot.ts"
import { readAgain, specOf, tooDear } from "./candidate.ts"
import { keep, type Made } from "./keep.ts"
import { countedUnder } from "./key-budget.ts"
import { outcomeOf } from "./outcome.ts"
import { report, type Search, settledIfOver } from "./search.ts"
import { giveUp, step, type Try, type TryNext } from "./try.ts"

/** Another call took the key between the look at the ledger and this launch. */
const keyTaken = (key: string | undefined, ref: InstanceRef): Conflict =>
  new Conflict({ message: `the key "${key}" was taken for ${ref} meanwhile`, retry: "permanent", ref })

/** The cloud of an offer, if this client has it. */
const cloudOf = Effect.fnUntraced(function* (one: Try): Effect.fn.Return<Guarded, GpuError | TryNext> {
  const { provider, kind } = one.offer
  const cloud = one.search.providerOf(one.offer)
  if (cloud) return cloud
  const message = `no ${provider} ${kind} provider is in this client`
  return yield* giveUp(one, "unsupported", new ProviderFault({ message, retry: "permanent" }))
})

/** Reads the offer again, and makes the launch of it; ends the try where that costs too much by now. */
const prepare = Effect.fnUntraced(function* (
  one: Try,
  provider: AnyProvider
): Effect.fn.Return<LaunchSpec, GpuError | TryNext> {
  const { search, offer } = one
  one.offer = yield* step(one, readAgain(provider, offer, search.job.storageMiB), (error) =>
    error._tag === "NoCapacity" ? "gone" : outcomeOf(search, error)
  )
  const spec = yield* step(one, specOf(search, one.offer, provider))
  const dear = tooDear(spec, search)
  return dear ? yield* giveUp(one, "too-dear", dear) : spec
})

/**
 * Sends the launch, and answers its machine.
 *
 * - One that another call has made under the key ends the search: it may be waited for there, and is never ended from here.
 */
const make = Effect.fnUntraced(function* (
  one: Try,
  provider: Guarded,
  spec: LaunchSpec
): Effect.fn.Return<Made, GpuError | TryNext> {
  const { search } = one
  const { key } = search.request
  const boot: Boot = { spec, from: yield* search.now, price: null }
  one.boot = boot
  search.booting = [...search.booting, boot]
  const counted = countedUnder(key, costOf(spec, search.job))
  one.counted = counted
  let earlier: InstanceRef | null = null
  const hear = (known: InstanceRef) => {
    earlier = known
  }
  const launch = settledIfOver(search, counted.during(provider.launch(spec, search.job)))
  const instance = yield* step(one, Effect.provideService(launch, EarlierMachine, hear))
  yield* begunWhenSent(search, boot, instance.marker)
  if (earlier !== null) return yield* giveUp(one, "stopped", keyTaken(key, instance.ref))
  return { one, provider, boot, instance }
})

/**
 * Tries one offer: reads its price again, launches, and waits until the machine is ready, or made, as the request says.
 *
 * - Fails with {@link TryNext} when nothing is left of it and the next may be tried; with the error itself when the
 *   search has to stop.
 * - A machine that is not kept is ended, and verified gone, before this ends: also when it is interrupted.
 */
export const attempt = (search: Search, offer: Offer): Effect.Effect<Instance, GpuError | TryNext> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const one: Try = {
        search,
        restore,
        from: yield* search.now,
        offer,
        boot: null,
        counted: null,
        verification: null
      }
      report(search, { type: "trying", offer })
      if (search.thrown) return yield* Effect.fail(search.thrown)
      const provider = yield* cloudOf(one)
      const spec = yield* prepare(one, provider)
      return yield* keep(yield* make(one, provider, spec))
    })
  )
