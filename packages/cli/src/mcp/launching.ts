import {
  costJson,
  errorJson,
  jobJson,
  machineJson,
  moneyJson,
  offerJson,
  offerRef,
  problemsJson
} from "@anygpu/operations/encode"
import { launchesOf, leaseUntil } from "@anygpu/operations/run"
import type { Candidate, Instance, Launched, Money, Offered } from "anygpu"
import type { Context } from "../context.ts"
import { type Asked, askedFor, launchInput } from "./asked.ts"
import type { Keeper } from "./keeper.ts"
import { Quoted } from "./refusal.ts"
import { type LaunchedJson, launchedShape, type QuoteJson } from "./shapes.ts"
import type { Tool } from "./tool.ts"

/** What one session spends with: the client of its context keeps the limit over all launches. */
export interface Purse {
  readonly context: Context
  readonly limit: Money
  readonly keeper: Keeper
}

const quoteJson = ({ job }: Asked, { offer, cost }: Candidate): QuoteJson => ({
  offer: offerJson(offer),
  job: jobJson(job),
  cost: costJson(cost)
})

/** The machine of another call with the key, also of another session: nothing is rented, and no money set aside. */
const earlierJson = async ({ context, limit, keeper }: Purse, machine: Instance): Promise<LaunchedJson> => {
  const until = keeper.has(machine.ref) ? leaseUntil(await launchesOf(context, machine.ref), machine) : null
  const endsAt = until === null ? null : new Date(until).toISOString()
  return { machine: machineJson(machine), quote: null, limit: moneyJson(limit), endsAt, passedOver: [], problems: [] }
}

/** Keeps a machine that was rented now, until its time is over, and answers with the quote of its offer. */
const keptJson = (
  { context, limit, keeper }: Purse,
  asked: Asked,
  { candidates }: Offered,
  { instance, trail, problems }: Launched
): LaunchedJson => {
  const made = trail.find(({ outcome }) => outcome === "created")
  const from = made?.from ?? context.now()
  const until = from + asked.job.duration
  keeper.keep({ ref: instance.ref, until, due: context.monotonic() + until - context.now() })
  const quoted = made && candidates.find(({ offer }) => offerRef(offer) === offerRef(made.offer))
  return {
    machine: machineJson(instance),
    quote: quoteJson(asked, quoted ?? candidates[0]),
    ...{ limit: moneyJson(limit), endsAt: new Date(until).toISOString() },
    passedOver: trail.flatMap(({ offer, error }) =>
      error ? [{ offer: offerRef(offer), error: errorJson(error, false) }] : []
    ),
    problems: problemsJson(problems)
  }
}

/** Rents a machine within the session's limit, and answers with its quote. */
export const launchTool = (purse: Purse): Tool => ({
  name: "launch",
  title: "Rent a machine",
  description:
    "Rents a machine for a time, for real money: the offer that is named, or the cheapest for the job that fits. Answers " +
    "with the quote (total, per hour, up front) as soon as the machine is made, mostly before it is ready: ask `show`. It " +
    "is ended when its time is over. Refused when all launches together, those of earlier sessions too, would cost more " +
    "than the limit of this server.",
  ...{ effect: "spend", idempotent: false, input: launchInput, output: launchedShape },
  run: async ({ input, signal }): Promise<LaunchedJson> => {
    const asked = askedFor(input, purse.context.now())
    const gpu = await purse.context.gpu()
    const quote = await gpu.quote(asked, { signal })
    if (quote.is === "earlier") return await earlierJson(purse, quote.instance)
    try {
      const launched = await gpu.launch(quote.request, { signal })
      return launched.isEarlier ? await earlierJson(purse, launched.instance) : keptJson(purse, asked, quote, launched)
    } catch (error) {
      throw new Quoted(error, quoteJson(asked, quote.candidates[0]))
    }
  }
})
