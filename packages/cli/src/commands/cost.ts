import { findMachine, findOffer, isRef } from "@anygpu/operations"
import {
  type CostsJson,
  costJson,
  exitCodes,
  jobJson,
  machineJson,
  moneyOrNull,
  offerJson,
  offerRef
} from "@anygpu/operations/protocol"
import {
  type Estimate,
  estimate,
  formatMoney,
  type Instance,
  isGpuError,
  type Money,
  money,
  scaleMoney,
  Unsupported
} from "anygpu"
import type { Options, Run } from "../catalogue/entry.ts"
import type { Context } from "../context.ts"
import { fieldsText } from "../fields.ts"
import { durationText, gpuText, priceText } from "../format.ts"
import { jobOf } from "../job.ts"
import { billingTexts } from "../machines.ts"
import { plain } from "../plain.ts"
import { argumentOf } from "../words.ts"

const hoursPerMonth = 730
const secondsPerHour = 3600

/** What a month like now comes to; null where the cloud does not say what is paid now. */
const perMonthOf = ({ billing, price }: Instance): Money | null => {
  if (billing === "none") return money(0, price?.currency)
  return billing === "compute" && price ? scaleMoney(price, hoursPerMonth) : null
}

/** As if it had been billed at its price ever since; null where price or age are not known. */
const soFarOf = ({ createdAt, price }: Instance, now: number): Money | null => {
  if (!createdAt || !price) return null
  const seconds = Math.max(0, Math.ceil((now - createdAt.epochMilliseconds) / 1000))
  return scaleMoney(price, seconds, secondsPerHour)
}

const ofMachine = ({ out, now }: Context, machine: Instance): void => {
  const [perMonth, soFar] = [perMonthOf(machine), soFarOf(machine, now())]
  out.answer({
    json: (): CostsJson => ({
      of: "machine",
      machine: machineJson(machine),
      perMonth: moneyOrNull(perMonth),
      soFar: moneyOrNull(soFar)
    }),
    text: () =>
      fieldsText(out, [
        ["machine", `${machine.ref} (${plain(machine.name ?? "no name")})`],
        ["billed now", billingTexts[machine.billing]],
        ["per hour", `${priceText(machine.price)} while it runs`],
        ["per month", perMonth ? `${formatMoney(perMonth, 2)} if it goes on like now` : "not known"],
        ["so far", soFar ? `at most ${formatMoney(soFar, 2)}, at this price since it was made` : "not known"]
      ])
  })
  out.note("The account's own bill counts; time stopped, earlier prices and traffic are not in these numbers.")
}

const upfrontText = ({ upfront, refundable }: Estimate): string =>
  refundable.micros > 0
    ? `${formatMoney(upfront)}, of which ${formatMoney(refundable)} comes back at the end`
    : formatMoney(upfront)

const ofOffer = async (context: Context, text: string, options: Options): Promise<void> => {
  const { out } = context
  const job = jobOf(options, context.now())
  const offer = await findOffer(context, text, { minDiskMiB: job.storageMiB })
  const cost = estimate(offer, job)
  if (!cost) {
    const message = `${offerRef(offer)} has no price or no terms that a job could be computed from`
    throw new Unsupported({ message, retry: "permanent", provider: offer.provider, feature: "cost" })
  }
  out.answer({
    json: (): CostsJson => ({ of: "offer", offer: offerJson(offer), job: jobJson(job), cost: costJson(cost) }),
    text: () =>
      fieldsText(out, [
        ["offer", `${plain(offerRef(offer))} (${gpuText(offer.gpu)})`],
        ["job", durationText(job.duration)],
        ...cost.lines.map(({ item, amount, note }) => [item, `${formatMoney(amount)}  ${plain(note)}`] as const),
        ["total", `${cost.exact ? "" : "~"}${formatMoney(cost.total)}`],
        ["per hour", formatMoney(cost.perHour)],
        ["up front", upfrontText(cost)],
        ["~", cost.assumptions.map(plain)]
      ])
  })
}

const jobOptions = ["for", "start", "disk", "egress", "ingress"]

/** `anygpu cost`: of a job on an offer, or of a machine. */
export const run: Run = async (context, args, options) => {
  const { out, signal } = context
  const text = argumentOf(args, 0) ?? ""
  const asksForJob = jobOptions.some((name) => options[name] !== undefined)
  if (!(isRef(text) && asksForJob)) {
    const gpu = await context.gpu()
    const machine = await findMachine(context, text, { reads: true })
      .then((ref) => out.during(`asking for ${ref}`, () => gpu.get(ref, { signal })))
      .catch((error: unknown) => {
        // What is no machine may still be an offer.
        if (isRef(text) && isGpuError(error) && error._tag === "NotFound") return null
        throw error
      })
    if (machine) {
      ofMachine(context, machine)
      return exitCodes.done.code
    }
  }
  await ofOffer(context, text, options)
  return exitCodes.done.code
}
