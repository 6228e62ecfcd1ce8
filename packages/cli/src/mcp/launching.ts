import {
  type Candidate,
  type CompareRequest,
  type GpuError,
  type Instance,
  InvalidRequest,
  isGpuError,
  type Job,
  kinds,
  type LaunchOptions,
  type Money,
  NoCapacity,
  nothingFits,
  type Offer,
  type Problem,
  reachOf,
  withProblems
} from "anygpu"
import { z } from "zod"
import { filterOptions } from "../catalogue/options.ts"
import type { Context } from "../context.ts"
import { afterFailure, earlierMachine, isOfAnother, leaseOf, type Wanted } from "../earlier.ts"
import { errorJson, problemsJson } from "../failure.ts"
import { filterOf } from "../filter.ts"
import { amountOf } from "../inputs.ts"
import { jobOf } from "../job.ts"
import { costJson, jobJson, machineJson, moneyJson, offerJson, offerRef } from "../json/model.ts"
import type { ErrorJson } from "../json/parts.ts"
import { noOfferText } from "../no-offer.ts"
import { present } from "../present.ts"
import { optionFields, optionsOf } from "./input.ts"
import type { Keeper } from "./keeper.ts"
import { Quoted } from "./refusal.ts"
import { type LaunchedJson, launchedShape, type QuoteJson } from "./shapes.ts"
import type { Tool } from "./tool.ts"
import { running } from "./workload.ts"

/** Everything is said in the call itself: no file and no variable of this computer is read. */
const workload = {
  ...running,
  os: z.string().min(1).optional().describe("the system of a VM or a bare metal machine, as `images` names it"),
  sshKeys: z.array(z.string().min(1)).optional().describe("texts of public keys that may log in"),
  bid: z.string().min(1).optional().describe("what to pay per hour, which interruptible offers need: 0.40"),
  location: z.string().min(1).optional().describe("the place, for an offer with several")
}

const wanted = {
  offer: z.string().min(1).optional().describe("this very offer, as `offers` and `compare` tell it; else the best one"),
  for: z.string().min(1).describe("how long it is needed: 3h, 2h 30m. It is ended then, and money is set aside for it"),
  name: z.string().min(1).describe("what people will see"),
  maxTotal: z.string().optional().describe("refuse when the job costs more: 12.50"),
  key: z.string().min(1).optional().describe("names this launch: calling again with it does not rent again"),
  onCloudTrouble: z
    .enum(["stop", "next"])
    .default("stop")
    .describe("when a cloud refuses the account (no money, quota, key, rate): stop, or go on with other clouds"),
  interruptible: z.boolean().optional().describe("offers that the cloud may take away")
}

const input = z.strictObject({ ...optionFields(filterOptions), ...wanted, ...workload })

/** The most offers that one call tries. */
const mostTries = 5

/** What one session spends with: the client of its context keeps the limit over all launches. */
export interface Purse {
  readonly context: Context
  readonly limit: Money
  readonly keeper: Keeper
}

type Given = z.output<z.ZodObject<typeof wanted & typeof workload>>

/** The kinds that take what is to run: containers an image, the others a system. */
const kindsFor = ({ image, os }: Given) => {
  if (image !== undefined && os !== undefined) return undefined
  if (image === undefined && os === undefined) {
    throw InvalidRequest.of("image", "is missing, and `os` too: name an image for a container, or a system for a VM")
  }
  return kinds.filter((kind) => (kind === "container") === (image !== undefined) && kind !== "cpu-vm")
}

/** What is to run, as launch options. */
const workloadIn = ({
  image,
  os,
  location,
  sshKeys,
  env,
  ports,
  command,
  onStart,
  bid
}: Given): Partial<LaunchOptions> =>
  present({ image, os, location, sshKeys, env, ports, command, onStart, bid: amountOf({ bid }, "bid") })

/** Whether offers that may be taken away are wanted; those need a bid, which is asked for before anything else. */
const isInterruptible = ({ interruptible, bid }: Given): boolean => {
  if (interruptible && bid === undefined) {
    throw InvalidRequest.of("bid", "is missing: an interruptible offer takes a bid, what to pay per hour")
  }
  return interruptible ?? bid !== undefined
}

/** A launch as it was asked for, before there is an offer. */
interface Asked {
  readonly given: Given
  readonly job: Job & { readonly duration: number }
  readonly maxPerHour: Money | undefined
  readonly filter: Omit<CompareRequest, "job">
  readonly wanted: Wanted
}

const askedFor = (input: Readonly<Record<string, unknown>>, now: number): Asked => {
  const given = z.object({ ...wanted, ...workload }).parse(input)
  const options = optionsOf(Object.fromEntries(Object.entries(input).filter(([name]) => !(name in workload))))
  const { maxPricePerHour: maxPerHour, kind: named, ...more } = filterOf(options)
  const [kind, maxTotal, job] = [named ?? kindsFor(given), amountOf(options, "maxTotal"), jobOf(options, now)]
  const filter = present({ ...more, kind, maxPerHour, maxTotal, interruptible: isInterruptible(given) })
  const { offer, name, key } = given
  const request = { ...workloadIn(given), ...present({ key }), name, job, ttl: job.duration, candidates: filter }
  return { given, job, maxPerHour, filter, wanted: { request, offer, until: "made" } }
}

/** What can be rented, and which clouds could not be asked for more. */
interface Found {
  readonly candidates: ReadonlyArray<Candidate>
  readonly problems: ReadonlyArray<Problem>
}

/** The offers that fit, the cheapest for the job first; only the named one where one is named. */
const candidatesFor = async (context: Context, { given, job, filter }: Asked): Promise<Found> => {
  const gpu = await context.gpu()
  const found = await gpu.compare({ ...filter, job, workload: workloadIn(given) }, { signal: context.signal })
  const named = found.candidates.filter(({ offer }) => given.offer === undefined || offerRef(offer) === given.offer)
  if (named.length > 0) return { candidates: named.slice(0, mostTries), problems: found.problems }
  if (given.offer === undefined) throw nothingFits(found, noOfferText(filter.gpu).replace(/\.$/, ""))
  const left = found.why
    .map(({ provider, rule, count, problem }) => `${provider}: ${count} by ${rule}${problem ? ` (${problem})` : ""}`)
    .join(", ")
  const own = found.problems.filter(({ provider }) => given.offer?.startsWith(`${provider}/`))
  if (own.length > 0) throw nothingFits({ ...found, problems: own }, `${given.offer} was not seen`)
  const what = `${given.offer} is not on the market, or does not fit`
  const error = new NoCapacity({ message: left ? `${what} (left out: ${left})` : what, retry: "temporary" })
  throw withProblems(error, found.problems)
}

/**
 * Whether the next offer may be tried: only after what made nothing. What cannot be had is passed over; what the account of
 * a cloud lacks, where other clouds are allowed.
 */
const mayGoOn = (error: unknown, onCloudTrouble: Given["onCloudTrouble"]): error is GpuError => {
  if (!isGpuError(error) || (error.leftovers ?? []).length > 0 || error.unclear) return false
  if (error._tag === "NoCapacity" || error._tag === "Unsupported") return true
  return onCloudTrouble === "next" && reachOf(error) === "cloud"
}

/** Rents the first of some offers that can be had; its quote is in what it throws. */
const rentFirst = async (
  { context, limit }: Purse,
  asked: Asked,
  { candidates, problems }: Found
): Promise<{
  readonly answer: LaunchedJson
  readonly machine: Instance
  readonly offer: Offer
  /** On the wall clock and on the one that nobody sets. */
  readonly rented: { readonly until: number; readonly due: number }
}> => {
  const { given, job, maxPerHour } = asked
  const { signal } = context
  const providers = (await context.clouds()).flatMap(({ kinds: all }) => Object.values(all))
  const gpu = await context.gpu()
  const passedOver: Array<{ readonly offer: string; readonly error: ErrorJson }> = []
  const troubled = new Set<string>()
  for (const [index, { offer, cost }] of candidates.entries()) {
    if (troubled.has(offer.provider)) continue
    const quote: QuoteJson = { offer: offerJson(offer), job: jobJson(job), cost: costJson(cost) }
    const provider = providers.find((one) => one.provider === offer.provider && one.kind === offer.kind)
    const takesDisk = provider?.launchOptions.has("diskMiB") ?? false
    const rented = { until: context.now() + job.duration, due: context.monotonic() + job.duration }
    try {
      const { name, key } = given
      const { image, os, ...rest } = workloadIn(given)
      const runs = offer.kind === "container" ? { image } : { os }
      const diskMiB = takesDisk ? job.storageMiB : undefined
      const limits = { maxPerHour, ttl: job.duration }
      const more = present({ ...rest, ...runs, ...limits, diskMiB, key })
      const machine = await gpu.launch({ ...more, name, offer }, { signal })
      const endsAt = new Date(rented.until).toISOString()
      const answer = {
        ...{ machine: machineJson(machine), quote, limit: moneyJson(limit), endsAt },
        ...{ passedOver, problems: problemsJson(problems) }
      }
      return { answer, machine, offer, rented }
    } catch (error) {
      const known = isGpuError(error) ? withProblems(error, problems) : error
      if (!mayGoOn(error, given.onCloudTrouble)) throw new Quoted(known, quote)
      if (reachOf(error) === "cloud") troubled.add(offer.provider)
      const isLast = candidates.slice(index + 1).every((next) => troubled.has(next.offer.provider))
      if (isLast) throw new Quoted(known, quote)
      passedOver.push({ offer: offerRef(offer), error: errorJson(error, false) })
    }
  }
  throw new NoCapacity({ message: "No offer fits", retry: "temporary" })
}

/** Rents a machine within the session's limit, and answers with its quote. */
export const launchTool = (purse: Purse): Tool => {
  const { context, limit, keeper } = purse
  /** The machine of another call with the key, also of another session: nothing is rented, and no money set aside. */
  const held = async (machine: Instance): Promise<LaunchedJson> => {
    const until = keeper.has(machine.ref) ? await leaseOf(context, machine.ref) : null
    const endsAt = until === null ? null : new Date(until).toISOString()
    return { machine: machineJson(machine), quote: null, limit: moneyJson(limit), endsAt, passedOver: [], problems: [] }
  }
  return {
    name: "launch",
    title: "Rent a machine",
    description:
      "Rents a machine for a time, for real money: the offer that is named, or the cheapest for the job that fits. Answers " +
      "with the quote (total, per hour, up front) as soon as the machine is made, mostly before it is ready: ask `show`. It " +
      "is ended when its time is over. Refused when all launches of this session together would cost more than its limit.",
    ...{ effect: "spend", idempotent: false, input, output: launchedShape },
    run: async ({ input: all, signal }): Promise<LaunchedJson> => {
      const asked = askedFor(all, context.now())
      const { wanted } = asked
      const here = { ...context, signal }
      const before = await earlierMachine(here, wanted)
      if (before) return await held(before)
      try {
        const found = await candidatesFor(here, asked)
        const { answer, machine, offer, rented } = await rentFirst({ ...purse, context: here }, asked, found)
        const isOthers = await isOfAnother(here, wanted, { ref: machine.ref, offers: [offer] })
        if (isOthers) return await held(machine)
        keeper.keep({ ref: machine.ref, ...rented })
        return answer
      } catch (error) {
        const cause = error instanceof Quoted ? error.cause : error
        const other = await afterFailure(here, wanted, cause).catch((failed: unknown) => {
          throw failed === cause ? error : failed
        })
        return await held(other)
      }
    }
  }
}
