import {
  type AnyProvider,
  addMoney,
  checkSpecShape,
  compareAtPar,
  formatMoney,
  type GpuError,
  type Instance,
  InvalidRequest,
  type LaunchOptions,
  type LaunchSpec,
  launchOptions,
  NoCapacity,
  type Offer,
  type OfferFilter,
  OutOfFunds,
  orderIssues,
  ProviderFault,
  shape,
  Unsupported,
  zero
} from "@anygpu/core"
import * as Effect from "effect/Effect"
import { optionsFor } from "../compare/workload.ts"
import { costOf, type Priced } from "../cost/launch-cost.ts"
import { isDearer } from "../spending/spending.ts"
import { spentSoFar } from "./limits.ts"
import { type Search, thrownBy } from "./search.ts"

/** The offer as it is on the market now; `NoCapacity` when it is not there any more. */
export const readAgain = (
  provider: AnyProvider,
  offer: Offer,
  storageMiB: number | undefined
): Effect.Effect<Offer, GpuError> => {
  const { gpu, interruptible } = offer
  const filter: OfferFilter = {
    interruptible,
    ...(gpu?.known && { gpu: gpu.model, gpuCount: gpu.count }),
    ...(storageMiB !== undefined && { minDiskMiB: storageMiB })
  }
  return provider.offers(filter).pipe(
    Effect.flatMap((listing): Effect.Effect<Offer, GpuError> => {
      const now = listing.items.find(({ id }) => id === offer.id)
      if (now) return Effect.succeed(now)
      const message = `${offer.provider} offer ${offer.id} is not on the market any more`
      return listing.complete
        ? Effect.fail(new NoCapacity({ message, retry: "permanent" }))
        : Effect.fail(listing.problems[0]?.error ?? new ProviderFault({ message, retry: "temporary" }))
    })
  )
}

/** What the caller wants to be different for an offer; asked once for each. */
const adapted = (search: Search, offer: Offer): Effect.Effect<object, InvalidRequest> => {
  const { adapt } = search.request
  const { provider, kind, id, interruptible } = offer
  const key = `${provider}/${kind}/${id} ${interruptible}`
  const known = search.adapted.get(key)
  if (known) return Effect.succeed(known)
  return Effect.try({ try: () => (adapt ? adapt(offer) : {}), catch: (error) => thrownBy("adapt", error) }).pipe(
    Effect.flatMap((more: unknown) => {
      if (!shape.isFields(more)) {
        return Effect.fail(
          InvalidRequest.of("adapt", `must answer an object of launch options, not ${shape.whatIs(more)}`)
        )
      }
      const strange = Object.keys(more).find((name) => !launchOptions.some((option) => option === name))
      if (strange === undefined) return Effect.succeed(more)
      return Effect.fail(InvalidRequest.of("adapt", `answered "${strange}", which is not a launch option`))
    }),
    Effect.tap((more) => Effect.sync(() => search.adapted.set(key, more)))
  )
}

/** The launch options that a request has for one offer. */
export const optionsOf = (
  search: Search,
  offer: Offer,
  provider: AnyProvider
): Effect.Effect<Partial<LaunchOptions>, InvalidRequest> =>
  Effect.flatMap(adapted(search, offer), (more) => {
    const given = { ...search.request.workload, ...more }
    const issues = orderIssues({ ...given, name: search.request.name })
    return issues.length > 0
      ? Effect.fail(InvalidRequest.all(issues))
      : Effect.succeed(optionsFor(given, search.job, provider))
  })

/**
 * The launch on one offer.
 *
 * - Of `image` and `os` each kind of machine gets the one that it takes, and the job's disk where the size is chosen.
 * - `Unsupported` when the cloud needs an option that is not there.
 */
export const specOf = (search: Search, offer: Offer, provider: AnyProvider): Effect.Effect<LaunchSpec, GpuError> =>
  Effect.gen(function* () {
    const { name, key, ttl, tags, owner } = search.request
    const options = yield* optionsOf(search, offer, provider)
    const { maxPerHour } = search.limits
    const own = shape.present({ name, key, ttl, tags, owner, maxPerHour }) as Pick<LaunchSpec, "name">
    const spec = { ...options, ...own, offer } as LaunchSpec
    yield* checkSpecShape(spec)
    const missing = [...provider.requiredOptions].find((option) => spec[option] === undefined)
    if (missing === undefined) return spec
    const message = `${provider.provider} needs ${missing} for ${provider.kind} machines, which was not given`
    return yield* new Unsupported({ message, retry: "permanent", feature: missing })
  })

/**
 * Why a launch costs more than it may, with its disk and its bid; null when it does not.
 *
 * - By the offer's price now, or by that of its machine once that is known. What earlier tries have cost counts.
 */
export const tooDear = (
  spec: Priced,
  search: Search,
  made?: { readonly machine: Instance; readonly priceRoundedTo: number }
): OutOfFunds | null => {
  const { offer } = spec
  const { job, limits } = search
  const { perHour, total } = costOf(spec, job, made?.machine)
  const spent = limits.maxTotal ? spentSoFar(search, limits.maxTotal) : zero()
  const whole = total && addMoney(spent, { ...total, currency: spent.currency })
  const checks = [
    {
      what: "per hour",
      costs: perHour,
      needed: perHour,
      available: limits.maxPerHour,
      above: made?.priceRoundedTo ?? 1
    },
    { what: "for the job", costs: total, needed: whole, available: limits.maxTotal, above: 1 }
  ]
  for (const { what, costs, needed, available, above } of checks) {
    const isKnown = needed !== null || (available === undefined && what !== "per hour")
    if (isKnown && (!needed || !available || compareAtPar(needed, available) < above)) continue
    const says = costs
      ? `${made ? "turned out to cost" : "costs"} ${formatMoney(costs)} ${what}${made ? "" : " now"}`
      : `names no price ${what} any more`
    const earlier =
      needed !== costs && spent.micros > 0 ? `, beside ${formatMoney(spent)} that was spent on earlier tries` : ""
    const limit = available ? `, above the limit of ${formatMoney(available)}` : ""
    return new OutOfFunds({
      message: `${made ? made.machine.ref : `${offer.provider} offer ${offer.id}`} ${says}${earlier}${limit}`,
      retry: "permanent",
      ownLimit: true,
      ...(available && { available }),
      ...(needed && { needed })
    })
  }
  return null
}

/** Why a machine that turned out dearer than its offer costs more than it may; null when it does not. */
export const turnedOutTooDear = (
  spec: Priced,
  search: Search,
  machine: Instance,
  { priceRoundedTo }: Pick<AnyProvider, "priceRoundedTo">
): OutOfFunds | null =>
  isDearer(machine.pricePerHour, costOf(spec, null).perHour, priceRoundedTo)
    ? tooDear(spec, search, { machine, priceRoundedTo })
    : null
