import { launchesOf, leaseUntil, present } from "@anygpu/operations"
import {
  costJson,
  type ErrorJson,
  errorJson,
  jobJson,
  machineJson,
  moneyJson,
  offerJson,
  offerRef,
  problemsJson
} from "@anygpu/operations/protocol"
import {
  type Candidate,
  type Instance,
  isGpuError,
  type Money,
  NoCapacity,
  nothingFits,
  type Offer,
  type Problem,
  reachOf,
  withProblems
} from "anygpu"
import type { Context } from "../context.ts"
import { afterFailure, earlierMachine, isOfAnother } from "../earlier.ts"
import { noOfferText } from "../no-offer.ts"
import { type Asked, askedFor, launchInput, workloadIn } from "./asked.ts"
import type { Keeper } from "./keeper.ts"
import { keptByLimits, triesWithin } from "./limits.ts"
import { Quoted } from "./refusal.ts"
import { type LaunchedJson, launchedShape, type QuoteJson } from "./shapes.ts"
import type { Tool } from "./tool.ts"

/** The most offers that one call tries. */
const mostTries = 5

/** What one session spends with: the client of its context keeps the limit over all launches. */
export interface Purse {
  readonly context: Context
  readonly limit: Money
  readonly keeper: Keeper
}

/** What can be rented, and which clouds could not be asked for more. */
interface Found {
  readonly candidates: ReadonlyArray<Candidate>
  readonly problems: ReadonlyArray<Problem>
}

/** The offers that fit, the cheapest for the job first; only the named one where one is named. */
const candidatesFor = async (context: Context, { given, job, filter }: Asked): Promise<Found> => {
  const gpu = await context.gpu()
  const { signal } = context
  const request = { ...filter, job, workload: workloadIn(given) }
  const found = await gpu.compare(request, { signal })
  const named = found.candidates.filter(({ offer }) => given.offer === undefined || offerRef(offer) === given.offer)
  if (named.length > 0) return { candidates: named.slice(0, mostTries), problems: found.problems }
  if (given.offer === undefined) throw nothingFits(found, noOfferText(filter.gpu).replace(/\.$/, ""))
  const left = found.why
    .map(({ provider, rule, count, problem }) => `${provider}: ${count} by ${rule}${problem ? ` (${problem})` : ""}`)
    .join(", ")
  const own = found.problems.filter(({ provider }) => given.offer?.startsWith(`${provider}/`))
  if (own.length > 0) throw nothingFits({ ...found, problems: own }, `${given.offer} was not seen`)
  const what = `${given.offer} is not on the market, or does not fit`
  const limited = found.complete ? await keptByLimits(gpu, request, { named: given.offer, signal }) : null
  if (limited) throw limited
  const error = new NoCapacity({ message: left ? `${what} (left out: ${left})` : what, retry: "temporary" })
  throw withProblems(error, found.problems)
}

/**
 * Whether the next offer may be tried: only after what made nothing. What cannot be had is passed over; what the account of
 * a cloud lacks, where other clouds are allowed.
 */
const mayGoOn = (error: unknown, onCloudTrouble: Asked["given"]["onCloudTrouble"]): boolean => {
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
  const { given, job, maxPerHour, filter } = asked
  const { signal } = context
  const providers = (await context.clouds()).flatMap(({ kinds: all }) => Object.values(all))
  const gpu = await context.gpu()
  const passedOver: Array<{ readonly offer: string; readonly error: ErrorJson }> = []
  const troubled = new Set<string>()
  const tries = triesWithin({ maxPerHour, maxTotal: filter.maxTotal, maxAttempts: given.maxAttempts })
  for (const [index, candidate] of candidates.entries()) {
    const { offer, cost } = candidate
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
      const refused = tries.refuse(candidate)
      if (refused) throw refused
      const limits = { maxPerHour: tries.mostPerHour(candidate, rest.bid, diskMiB), ttl: job.duration }
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
      if (!tries.mayGoOnAfter(error) && !mayGoOn(error, given.onCloudTrouble)) throw new Quoted(known, quote)
      if (isGpuError(error) && reachOf(error) === "cloud") troubled.add(offer.provider)
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
    const until = keeper.has(machine.ref) ? leaseUntil(await launchesOf(context, machine.ref), machine) : null
    const endsAt = until === null ? null : new Date(until).toISOString()
    return { machine: machineJson(machine), quote: null, limit: moneyJson(limit), endsAt, passedOver: [], problems: [] }
  }
  return {
    name: "launch",
    title: "Rent a machine",
    description:
      "Rents a machine for a time, for real money: the offer that is named, or the cheapest for the job that fits. Answers " +
      "with the quote (total, per hour, up front) as soon as the machine is made, mostly before it is ready: ask `show`. It " +
      "is ended when its time is over. Refused when all launches together, those of earlier sessions too, would cost more " +
      "than the limit of this server.",
    ...{ effect: "spend", idempotent: false, input: launchInput, output: launchedShape },
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
