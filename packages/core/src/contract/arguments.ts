import type { Issue } from "../errors.ts"
import type { LaunchOption } from "../model/launch-spec.ts"
import type { OfferFilter } from "../model/offer.ts"
import type { UpdateOption } from "./ops.ts"
import {
  amount,
  anyFields,
  argument,
  callback,
  duration,
  flag,
  isFields,
  listOf,
  nullable,
  number,
  object,
  oneOf,
  only,
  optional,
  partOfArgument,
  type Shape,
  text,
  textOrTexts,
  texts,
  unknownNames
} from "./shape.ts"

const options: { readonly [O in LaunchOption]: Shape } = {
  image: text,
  os: text,
  sshKeys: texts,
  env: anyFields,
  ports: listOf(
    "ports such as { port: 8080 }",
    only("an object such as { port: 8080 }", { port: number, protocol: optional(oneOf("tcp", "udp", "http")) })
  ),
  command: texts,
  onStart: text,
  diskMiB: number,
  volumes: listOf(
    "volumes such as { name, sizeMiB }",
    only("an object such as { name, sizeMiB }", { name: text, sizeMiB: number, type: optional(text) })
  ),
  registry: only("an object with host, username and password", {
    host: optional(text),
    username: optional(text),
    password: optional(text)
  }),
  bid: amount,
  location: text,
  description: text
}

/** No option has to be there: what a provider requires is its own matter. */
const optionals = (fields: Readonly<Record<string, Shape>>): Record<string, Shape> =>
  Object.fromEntries(Object.entries(fields).map(([name, shape]) => [name, optional(shape)]))

const terms = object("the billing terms", {
  compute: object("the compute rate", { perHour: amount }),
  storage: nullable(object("the storage rate", { perUnitMonth: amount, hoursPerMonth: number }))
})

/** What an offer looks like, as far as it is used. */
export const offerShape = object("an offer as offers() answers them", {
  id: text,
  provider: text,
  kind: text,
  price: nullable(amount),
  terms: nullable(terms)
})

const common = { name: text, ...optionals({ key: text, ttl: duration, ...options }) }

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
  minVramMiB: number,
  minVcpus: number,
  minMemoryMiB: number,
  minDiskMiB: number,
  countries: texts,
  regions: texts,
  interruptible: flag,
  minReliability: number,
  maxPricePerHour: amount,
  limit: number
}

/** What a filter looks like. */
export const filterShape = argument(optionals(filters), "is no filter")

/** What the options of a wait look like. */
export const waitShape = argument(optionals({ within: duration, every: duration, onChange: callback }))

/** The operations whose first argument is the machine. */
export const machineOps: ReadonlySet<string> = new Set([
  "get",
  "terminate",
  "start",
  "stop",
  "restart",
  "rename",
  "update",
  "logs",
  "events",
  "changeBid",
  "machineSshKeys",
  "attachSshKey",
  "detachSshKey"
])

const output = optional(argument(optionals({ tail: number, source: oneOf("workload", "host"), containing: text })))
const { image, env, command, onStart, registry, ports } = options

const changes: { readonly [Name in UpdateOption]: Shape } = {
  name: text,
  image,
  env,
  command,
  onStart,
  registry: nullable(registry),
  ports,
  closePorts: listOf("port numbers", number)
}

/** The names of everything an update can change. */
export const updateNames: ReadonlyArray<string> = Object.keys(changes)

/** The arguments of the other operations by name, without the machine. */
const shapes: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  terminate: {
    options: optional(argument(optionals({ ifBusy: oneOf("wait", "fail"), within: duration, account: oneOf("same") })))
  },
  rename: { name: text },
  update: { changes: partOfArgument(optionals(changes)) },
  logs: { options: output },
  events: { options: output },
  changeBid: { perHour: amount },
  attachSshKey: { publicKey: text },
  detachSshKey: { id: text },
  addSshKey: { publicKey: text, name: optional(text) },
  removeSshKey: { id: text }
}

/** The operations whose one argument is judged by what they do with it. */
const judgedElsewhere: ReadonlySet<string> = new Set(["offers", "launch"])

/** Options that an operation does not take; what `map` adds to the arguments of its callback is none. */
const surplusIssues = (operation: string, surplus: unknown): ReadonlyArray<Issue> =>
  isFields(surplus) ? unknownNames(Object.keys(surplus), [], `is no option of ${operation}`) : []

/** What is wrong with the shape of an operation's arguments, the machine aside. */
export const argumentIssues = (operation: string, args: ReadonlyArray<unknown>): ReadonlyArray<Issue> => {
  if (judgedElsewhere.has(operation)) return []
  const takes = Object.entries(shapes[operation] ?? {})
  return [
    ...takes.flatMap(([name, shape], index) => shape(name, args[index])),
    ...args.slice(takes.length).flatMap((surplus) => surplusIssues(operation, surplus))
  ]
}
