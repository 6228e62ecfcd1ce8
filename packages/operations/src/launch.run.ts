import {
  type Filters,
  type Instance,
  InvalidRequest,
  type Job,
  kinds,
  type Launched,
  type LaunchRequest,
  type Offered,
  type Quote
} from "anygpu"
import type { EndedBy } from "anygpu/effect"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import { filterOf } from "./input/filter.ts"
import { jobOf } from "./input/job.ts"
import { present } from "./input/present.ts"
import { tagsOf } from "./input/tags.ts"
import type { launchInput } from "./launch.ts"
import { withPlaces } from "./machines/attached.ts"
import { enderOf } from "./machines/ended-by.ts"
import { launchesOf, leaseUntil } from "./machines/leases.ts"
import type { LaunchedJson, QuoteJson } from "./protocol/answers/launched.ts"
import { verificationJson } from "./protocol/answers/verified.ts"
import { errorJson, problemsJson } from "./protocol/errors.ts"
import { costJson, jobJson, leasedJson, moneyJson, moneyOrNull, offerJson, offerRef } from "./protocol/model.ts"

type Input = InputOf<typeof launchInput>

/** A launch as it was asked for, with a job that says how long it lasts. Times are in milliseconds. */
export interface Order extends LaunchRequest {
  readonly job: Job & { readonly duration: number }
  readonly candidates?: Filters
  readonly ttl?: number
}

/** A machine that was rented now, or by an earlier call with the same key. */
export interface Rented extends Omit<Launched, "isEarlier" | "excluded"> {
  readonly order: Order
  /** What it was said to cost; null when nothing was rented now. */
  readonly quote: Offered | null
  /** When its time is over, in epoch milliseconds; null where the ledger knows no time of it. */
  readonly until: number | null
  /** Who ends its machine in time. */
  readonly endedBy: EndedBy
}

/** How a face takes part in a launch. */
export interface LaunchHooks {
  /** Quotes the order: `gpu.quote`, unless a face shows its progress too. */
  readonly quote?: (order: Order) => Promise<Quote>
  /** Shows the quote before anything is sent, and throws to refuse it. It answers the name of the machine. */
  readonly accept?: (quote: Offered) => Promise<string>
  /** Launches what was quoted: `gpu.launch`, unless a face shows its progress too. */
  readonly launch?: (request: LaunchRequest) => Promise<Launched>
}

/** The kinds that take what is to run: containers an image, the others a system. */
const kindsFor = ({ image, os }: Input) => {
  if (image !== undefined && os !== undefined) return undefined
  if (image === undefined && os === undefined) {
    throw InvalidRequest.of("image", "is missing, and `os` too: name an image for a container, or a system for a VM")
  }
  return kinds.filter((kind) => (kind === "container") === (image !== undefined) && kind !== "cpu-vm")
}

/** The order of an input: it says everything at once, since nobody is asked later. */
export const orderOf = (input: Input): Order => {
  const { maxPerHour, kind: named, ...filter } = filterOf(input)
  const { name, key, onCloudTrouble = "stop", maxTotal, maxAttempts, offer, interruptible, verify, owner } = input
  const { waitForCapacity } = input
  const { image, os, location, sshKeys, env, ports, command, onStart, bid, attach } = input
  const endsItself = input.endsItself || undefined
  const job = jobOf(input)
  return {
    ...{ name, job, ttl: job.duration, until: verify ? "ready" : "created", onCloudTrouble },
    ...present({ key, verify, owner, waitForCapacity, tags: tagsOf(input.tags) }),
    workload: present({ image, os, location, sshKeys, env, ports, command, onStart, bid, attach, endsItself }),
    candidates: present({ ...filter, kind: named ?? kindsFor(input), offer, interruptible }),
    limits: present({ maxPerHour, maxTotal, maxAttempts })
  }
}

/** A quote in JSON. */
export const quoteJson = ({ job, ttl }: Order, quote: Offered): QuoteJson => {
  const { candidates, diskMiB, perHour, limits } = quote
  const [{ offer, cost }, ...next] = candidates
  return {
    ...{ offer: offerJson(offer), job: jobJson(job), cost: costJson(cost), diskMiB },
    perHour: moneyOrNull(perHour),
    next: next.map((one) => ({ offer: offerRef(one.offer), total: moneyJson(one.cost.total) })),
    ...{ maxTotal: moneyJson(limits.maxTotal ?? cost.total), maxPerHour: moneyOrNull(limits.maxPerHour ?? null) },
    ttlSeconds: ttl === undefined ? null : ttl / 1000
  }
}

/** What an earlier launch with the key of an order has rented: nothing is rented now. */
export const earlierRented = async (context: OperationContext, order: Order, instance: Instance): Promise<Rented> => ({
  ...{ order, instance, quote: null, verification: null },
  until: leaseUntil(await launchesOf(context, instance.ref), instance),
  endedBy: await enderOf(context, instance),
  ...{ trail: [], spent: [], leftoverErrors: [], problems: [] }
})

/**
 * Quotes an order and rents what was quoted.
 *
 * - A call with the key of an earlier launch answers its machine, and rents nothing.
 */
export const rent = async (
  context: OperationContext,
  asked: Order,
  { quote: ask, accept, launch }: LaunchHooks = {}
): Promise<Rented> => {
  const { signal } = context
  const order = await withPlaces(context, asked)
  const gpu = await context.gpu()
  const quote = await (ask ? ask(order) : gpu.quote(order, { signal }))
  if (quote.is === "earlier") return await earlierRented(context, order, quote.instance)
  const name = accept ? await accept(quote) : order.name
  const request = { ...quote.request, name }
  const { isEarlier, excluded: _, ...made } = await (launch ? launch(request) : gpu.launch(request, { signal }))
  const until = leaseUntil(await launchesOf(context, made.instance.ref), made.instance)
  const endedBy = await enderOf(context, made.instance)
  return { ...made, order, until, endedBy, quote: isEarlier ? null : quote }
}

/** Rents a machine. */
export const run = (context: OperationContext, input: Input): Promise<Rented> => rent(context, orderOf(input))

/** The rented machine in JSON; an error of a launch that was interrupted says so. */
export const encode = (rented: Rented, interrupted = false): LaunchedJson => {
  const { order, instance, quote, until, endedBy, verification, trail, spent, leftoverErrors, problems } = rented
  return {
    machine: leasedJson(instance, until, endedBy),
    quote: quote && quoteJson(order, quote),
    ssh: instance.endpoints.ssh[0]?.command ?? null,
    verification: verification && verificationJson(verification),
    trail: trail.map(({ offer, outcome, reach, ref, spent: cost, error }) => ({
      ...{ offer: offerRef(offer), outcome, reach, ref: ref && String(ref), spent: moneyOrNull(cost) },
      error: error && errorJson(error, false)
    })),
    spent: spent.map(moneyJson),
    leftoverErrors: leftoverErrors.map((error) => errorJson(error, interrupted)),
    problems: problemsJson(problems)
  }
}
