import {
  type AnyProvider,
  addMoney,
  checkSpecShape,
  compareAtPar,
  formatMoney,
  type GpuError,
  type Instance,
  InvalidRequest,
  type Job,
  type LaunchOptions,
  type LaunchSpec,
  launchOptions,
  NoCapacity,
  type Offer,
  type OfferFilter,
  OutOfFunds,
  ProviderFault,
  shape,
  Unsupported,
  zero
} from "@anygpu/core"
import * as Effect from "effect/Effect"
import { costOf } from "../compare/job.ts"
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

/** What the caller wants to be different for an offer. */
const adapted = ({ request: { adapt } }: Search, offer: Offer): Effect.Effect<object, InvalidRequest> =>
  Effect.try({ try: () => (adapt ? adapt(offer) : {}), catch: (error) => thrownBy("adapt", error) }).pipe(
    Effect.flatMap((more: unknown) => {
      if (!shape.isFields(more)) {
        return Effect.fail(
          InvalidRequest.of("adapt", `must answer an object of launch options, not ${shape.whatIs(more)}`)
        )
      }
      const strange = Object.keys(more).find((name) => !launchOptions.some((option) => option === name))
      if (strange === undefined) return Effect.succeed(more)
      return Effect.fail(InvalidRequest.of("adapt", `answered "${strange}", which is not a launch option`))
    })
  )

/** The options of a launch for one kind of machine: of `image` and `os` the one that it takes, and the job's disk. */
export const optionsFor = (
  given: Partial<LaunchOptions>,
  { storageMiB }: Job,
  { launchOptions: takes }: Pick<AnyProvider, "launchOptions">
): Partial<LaunchOptions> => {
  const { image, os, ...options } = shape.present(given) as Partial<LaunchOptions>
  const both = image !== undefined && os !== undefined
  return {
    ...(storageMiB !== undefined && takes.has("diskMiB") && { diskMiB: Math.ceil(storageMiB) }),
    ...options,
    ...(image !== undefined && (!both || takes.has("image")) && { image }),
    ...(os !== undefined && (!both || takes.has("os")) && { os })
  }
}

/**
 * The launch on one offer.
 *
 * - Of `image` and `os` each kind of machine gets the one that it takes, and the job's disk where the size is chosen.
 * - `Unsupported` when the cloud needs an option that is not there.
 */
export const specOf = (search: Search, offer: Offer, provider: AnyProvider): Effect.Effect<LaunchSpec, GpuError> =>
  Effect.gen(function* () {
    const { job, candidates: _, adapt: __, limits: ___, strategy: ____, ...rest } = search.request
    const { onProgress: _____, onCloudTrouble: ______, ...given } = rest
    const options = optionsFor({ ...given, ...(yield* adapted(search, offer)) }, job, provider)
    const { maxPerHour } = search.limits
    const spec = { ...options, offer, ...(maxPerHour && { maxPerHour }) } as LaunchSpec
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
  spec: LaunchSpec,
  search: Search,
  made?: { readonly machine: Instance; readonly priceRoundedTo: number }
): OutOfFunds | null => {
  const { offer } = spec
  const { request, limits } = search
  const { perHour, total } = costOf(spec, request.job, made?.machine)
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
    const says = costs ? `costs ${formatMoney(costs)} ${what} now` : `names no price ${what} any more`
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
  spec: LaunchSpec,
  search: Search,
  machine: Instance,
  { priceRoundedTo }: Pick<AnyProvider, "priceRoundedTo">
): OutOfFunds | null =>
  isDearer(machine.price, costOf(spec, null).perHour, priceRoundedTo)
    ? tooDear(spec, search, { machine, priceRoundedTo })
    : null
