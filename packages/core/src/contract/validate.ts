import * as Effect from "effect/Effect"
import { type GpuError, InvalidRequest, type Issue, OutOfFunds, Unsupported } from "../errors.ts"
import { newDisksFor, storageFor } from "../model/estimate.ts"
import type { Kind } from "../model/kind.ts"
import { type LaunchOption, type LaunchOptions, type LaunchSpec, leaseMillis } from "../model/launch-spec.ts"
import { addMoney, compareAtPar, formatMoney, type Money, subtractMoney } from "../model/money.ts"
import { ownerIssues, tagIssues } from "../model/tags.ts"
import { cannotHave } from "../model/volume.ts"
import { checkMoney } from "./amounts.ts"
import { orderShape, specShape } from "./arguments.ts"
import { launchOptions, mapOptions } from "./launch-options.ts"
import { updateNames } from "./operation-rows.ts"
import type { UpdateOption, WorkloadUpdate } from "./ops.ts"
import { unknownNames } from "./shape.ts"

type AnySpec = LaunchSpec<string, Kind>

/** Whether a text can be a machine's name. */
export const checkName = (name: string): ReadonlyArray<Issue> =>
  /[\p{L}\p{N}]/u.test(name) && !/\p{Cc}/u.test(name)
    ? []
    : [{ path: "name", problem: "must hold a letter or digit, and no control characters" }]

type Given = { readonly [O in LaunchOption]?: LaunchOptions[O] | undefined }

const optionIssues = (given: Given): ReadonlyArray<Issue> =>
  mapOptions(given, (_, { issues }, value) => issues(value)).flat()

/** A key is taken letter for letter: one that came with a space of its shell would name another launch. */
const keyIssues = (key: string | undefined): ReadonlyArray<Issue> => {
  if (key === "") return [{ path: "key", problem: "is empty: leave it out, or name the launch" }]
  return key === key?.trim()
    ? []
    : [{ path: "key", problem: "begins or ends with a space, which would name another launch" }]
}

/** What is wrong with how a launch is to end: offers may be compared before it has a time. */
export const endIssues = ({ endsItself, ttl }: Pick<AnySpec, "endsItself" | "ttl">): ReadonlyArray<Issue> =>
  endsItself && ttl === undefined
    ? [{ path: "endsItself", problem: "needs a ttl: some minutes after it the machine ends itself" }]
    : []

/** What is wrong with the values of a launch, whatever its offer. */
const valueIssues = ({ name, key, ttl, tags, owner, ...options }: Omit<AnySpec, "offer">): ReadonlyArray<Issue> => [
  ...checkName(name),
  ...keyIssues(key),
  ...(ttl !== undefined && leaseMillis(ttl) === null
    ? [{ path: "ttl", problem: 'must be a finite time above zero, such as "2 hours"' }]
    : []),
  ...(tags === undefined ? [] : tagIssues(tags)),
  ...(owner === undefined ? [] : ownerIssues(owner)),
  ...optionIssues(options)
]

/** What is wrong with a launch whose offer is not chosen yet: its name, key, ttl, tags, owner and launch options. */
export const orderIssues = (given: unknown): ReadonlyArray<Issue> => {
  const misshapen = orderShape("request", given)
  return misshapen.length > 0 ? misshapen : valueIssues(given as Omit<AnySpec, "offer">)
}

/**
 * What the machine of a spec costs per hour while it runs, with its bid, its disk and its new volumes; null when it is not
 * known.
 *
 * - New volumes whose price no document has are not counted.
 * - The offer's own price includes the disk that was asked for in the filter; another disk is priced by the terms.
 * - A bid is paid instead of the compute rate, never instead of the disk: without terms, what it comes to is not known.
 */
export const hourlyCost = ({
  volumes = [],
  ...spec
}: Pick<AnySpec, "offer" | "bid" | "diskMiB" | "volumes">): Money | null => {
  const cost = machineCost(spec)
  const { storage } = spec.offer.terms ?? {}
  if (cost === null || !storage || volumes.length === 0) return cost
  const sizes = volumes.map(({ sizeMiB }) => sizeMiB)
  return addMoney(cost, newDisksFor(storage, sizes, 3600))
}

/** The same without new volumes. */
const machineCost = ({ offer, bid, diskMiB }: Pick<AnySpec, "offer" | "bid" | "diskMiB">): Money | null => {
  const { terms } = offer
  const price = offer.pricePerHour?.micros === 0 ? null : offer.pricePerHour
  if (terms === null) return bid || (diskMiB !== undefined && diskMiB > (offer.diskMiB ?? 0)) ? null : price
  if (price === null && !bid) return null
  const compute = bid ?? terms.compute.perHour
  if (terms.storage === null) return compute
  if (diskMiB !== undefined) return addMoney(compute, storageFor(terms.storage, diskMiB, 3600))
  return price && addMoney(compute, subtractMoney(price, terms.compute.perHour))
}

/** What a provider declares of its launches. */
export interface LaunchRules {
  readonly provider: string
  readonly kind: Kind
  readonly launchOptions: ReadonlyArray<LaunchOption>
  readonly requiredOptions: ReadonlyArray<LaunchOption>
}

/** What a provider declares of its updates. */
export interface UpdateRules {
  readonly provider: string
  readonly kind: Kind
  readonly updateOptions?: ReadonlyArray<UpdateOption>
}

const unsupportedOption = (what: string, { provider, kind }: UpdateRules, option: string, has: ReadonlyArray<string>) =>
  new Unsupported({
    message: `${provider} has no ${what} "${option}" for ${kind} machines. It has: ${has.join(", ")}`,
    retry: "permanent",
    feature: option
  })

/**
 * Refuses an update that cannot succeed, before anything is sent.
 *
 * - `Unsupported`: something that the provider cannot change. `InvalidRequest`: every wrong value at once.
 */
export const checkUpdate = (rules: UpdateRules, changes: WorkloadUpdate): Effect.Effect<void, GpuError> => {
  const { updateOptions = [] } = rules
  const given = Object.keys(changes)
  const missing = given.find((name) => updateNames.includes(name) && !updateOptions.some((able) => able === name))
  if (missing) return Effect.fail(unsupportedOption("update of", rules, missing, updateOptions))
  const issues = [
    ...unknownNames(
      given.filter((name) => !updateNames.includes(name)),
      updateOptions,
      "is no change"
    )
  ]
  if (given.length === 0) issues.push({ path: "changes", problem: `is empty: give ${updateOptions.join(", ")}` })
  const { name, registry, image, env, command, onStart, ports } = changes
  if (name !== undefined) issues.push(...checkName(name))
  const asLaunched = { image, env, command, onStart, ports, registry: registry ?? undefined }
  issues.push(...optionIssues(asLaunched))
  return issues.length > 0 ? Effect.fail(InvalidRequest.all(issues)) : Effect.void
}

/**
 * Refuses what is no launch spec at all, or has an option that there is not: the values may still be wrong, but each is of
 * the type that it must be.
 */
export const checkSpecShape = (spec: unknown): Effect.Effect<void, InvalidRequest> => {
  const issues = specShape("spec", spec)
  return issues.length === 0 ? Effect.void : Effect.fail(InvalidRequest.all(issues))
}

/**
 * Refuses a launch that cannot succeed, before anything is sent.
 *
 * - `Unsupported`: an option the provider does not have; none is ever dropped silently.
 * - `InvalidRequest`: every wrong value at once, each with its path; values of a wrong type before all others.
 * - `OutOfFunds`: the offer costs more than `maxPerHour`.
 */
export const checkSpec = (rules: LaunchRules, spec: AnySpec): Effect.Effect<void, GpuError> =>
  Effect.flatMap(checkSpecShape(spec), (): Effect.Effect<void, GpuError> => {
    const given = Object.entries(spec).flatMap(([name, value]) => (value === undefined ? [] : [name]))
    const missing = launchOptions.find((option) => given.includes(option) && !rules.launchOptions.includes(option))
    if (missing) {
      return Effect.fail(unsupportedOption("launch option", rules, missing, rules.launchOptions))
    }
    const { offer } = spec
    const issues: Issue[] = []
    if (offer.provider !== rules.provider || offer.kind !== rules.kind) {
      const wanted = `${rules.provider} ${rules.kind}`
      issues.push({ path: "offer", problem: `is for ${offer.provider} ${offer.kind}, this provider rents ${wanted}` })
    }
    issues.push(...valueIssues(spec))
    for (const option of rules.requiredOptions) {
      const value = spec[option]
      if (value === undefined || (Array.isArray(value) && value.length === 0)) {
        issues.push({ path: option, problem: `is required by ${rules.provider} for ${rules.kind} machines` })
      }
    }
    for (const [index, volume] of (spec.attach ?? []).entries()) {
      const problem = cannotHave(volume, offer)
      if (problem !== null) issues.push({ path: `attach[${index}]`, problem })
    }
    issues.push(...checkMoney("maxPerHour", spec.maxPerHour))
    const { bid } = spec
    if (bid && offer.pricePerHour && bid.currency !== offer.pricePerHour.currency) {
      issues.push({ path: "bid", problem: `is in ${bid.currency}, the offer in ${offer.pricePerHour.currency}` })
    }
    if (issues.length > 0) return Effect.fail(InvalidRequest.all(issues))
    const price = hourlyCost(spec)
    if (price === null && !spec.allowUnknownPrice) {
      const what = offer.pricePerHour?.micros ? "names no price for its disk" : "names no price"
      const problem = `${what}; pass allowUnknownPrice: true to launch all the same`
      return Effect.fail(InvalidRequest.of("offer", problem))
    }
    // What is bid is paid in any case, whatever comes on top.
    const least = price ?? spec.bid
    if (least && spec.maxPerHour && compareAtPar(least, spec.maxPerHour) > 0) {
      const limit = formatMoney(spec.maxPerHour)
      return Effect.fail(
        new OutOfFunds({
          message: `This launch costs ${formatMoney(least)} per hour, above maxPerHour ${limit}; nothing was sent`,
          retry: "permanent",
          needed: least,
          available: spec.maxPerHour,
          ownLimit: true
        })
      )
    }
    return Effect.void
  })
