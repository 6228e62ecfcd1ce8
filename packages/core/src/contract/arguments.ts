import type { Issue } from "../errors.ts"
import type { OfferFilter } from "../model/offer.ts"
import { launchOptionRows, launchOptions } from "./launch-options.ts"
import { operationRows } from "./operation-rows.ts"
import {
  amount,
  anyFields,
  argument,
  callback,
  duration,
  flag,
  isFields,
  nullable,
  number,
  object,
  optional,
  optionals,
  partOfArgument,
  type Shape,
  text,
  textOrTexts,
  texts,
  unknownNames
} from "./shape.ts"

const terms = object("the billing terms", {
  compute: object("the compute rate", { perHour: amount }),
  storage: nullable(object("the storage rate", { perUnitMonth: amount, hoursPerMonth: number }))
})

/** What an offer looks like, as far as it is used. */
export const offerShape = object("an offer as offers() answers them", {
  id: text,
  provider: text,
  kind: text,
  account: optional(text),
  pricePerHour: nullable(amount),
  terms: nullable(terms)
})

const optionShapes = Object.fromEntries(launchOptions.map((option) => [option, launchOptionRows[option].shape]))

const common = {
  name: text,
  ...optionals({ key: text, ttl: duration, tags: anyFields, owner: text, ...optionShapes })
}

/** What a launch spec looks like. */
export const specShape = argument(
  { offer: offerShape, ...common, ...optionals({ maxPerHour: amount, allowUnknownPrice: flag }) },
  "is not a launch option"
)

/** What a launch says whatever its offer; what else a request says is judged where it is asked. */
export const orderShape = partOfArgument(common)

const filters: { readonly [Name in keyof Required<OfferFilter>]: Shape } = {
  kind: textOrTexts,
  gpu: textOrTexts,
  gpuCount: number,
  minGpuCount: number,
  minVramMiB: number,
  minTotalVramMiB: number,
  minCuda: text,
  minComputeCapability: text,
  minVcpus: number,
  minMemoryMiB: number,
  minDiskMiB: number,
  minDownloadMbps: number,
  minUploadMbps: number,
  minPorts: number,
  datacenter: flag,
  countries: texts,
  regions: texts,
  excludePlaces: texts,
  excludeHosts: texts,
  excludeSuppliers: texts,
  interruptible: flag,
  minReliability: number,
  maxPerHour: amount,
  limit: number
}

/** What a filter looks like. */
export const filterShape = argument(optionals(filters), "is no filter")

/** What the options of a wait look like. */
export const waitShape = argument(optionals({ within: duration, every: duration, onChange: callback }))

/** Options that an operation does not take; what `map` adds to the arguments of its callback does not count. */
const surplusIssues = (operation: string, surplus: unknown): ReadonlyArray<Issue> =>
  isFields(surplus) ? unknownNames(Object.keys(surplus), [], `is no option of ${operation}`) : []

/** What is wrong with the shape of an operation's arguments, the machine aside. */
export const argumentIssues = (operation: string, args: ReadonlyArray<unknown>): ReadonlyArray<Issue> => {
  const takes = operationRows[operation]?.takes
  if (!takes) return []
  const shapes = Object.entries(takes)
  return [
    ...shapes.flatMap(([name, shape], index) => shape(name, args[index])),
    ...args.slice(shapes.length).flatMap((surplus) => surplusIssues(operation, surplus))
  ]
}
