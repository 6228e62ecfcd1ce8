import { type InputOf, sweep } from "@anygpu/operations"
import { auditJson } from "@anygpu/operations/encode"
import { exitCodes } from "@anygpu/operations/failure"
import type { AuditJson } from "@anygpu/operations/protocol"
import type { Swept } from "@anygpu/operations/run"
import type { LeasedRef, Sweep } from "anygpu"
import { captionOf } from "../caption.ts"
import { print, type View } from "../command/answering.ts"
import type { sweepFields } from "../command/fields.ts"
import type { Context } from "../context.ts"
import { errorText } from "../failure.ts"
import { sinceText } from "../format.ts"
import { noneText, tellProblems } from "../listing.ts"
import { plain } from "../plain.ts"

const nameOf = ({ ref, marker }: LeasedRef): string =>
  plain(ref === null ? `the machine with the marker ${marker}, if there is one` : String(ref))

/** What has run out by now: machines, and launches of which it is not known whether there is one. */
const overdueOf = async (context: Context) => {
  const { out, signal, now } = context
  const gpu = await context.gpu()
  const audit = await out.during("looking for what has run out", () => gpu.audit({ signal }))
  const ago = (until: number | null) =>
    until === null ? ", there again after its end" : `, its time was over ${sinceText(until, now())}`
  const known = audit.overdue.map(
    ({ ref, launch, machine }) => `${machine ? captionOf(machine, now()) : plain(String(ref))}${ago(launch.leaseUntil)}`
  )
  const open = audit.unsettled
    .filter(({ leaseUntil }) => leaseUntil !== null && leaseUntil <= now())
    .map(({ name, marker, leaseUntil }) => `whatever came of ${plain(name)} (${marker})${ago(leaseUntil)}`)
  const rented = audit.claimed.filter(({ launch }) => launch.leaseUntil !== null && launch.leaseUntil > now())
  const kept = rented.map(
    ({ machine, launch }) =>
      `goes on: ${captionOf(machine, now())}, its time ends ${sinceText(launch.leaseUntil ?? 0, now())}`
  )
  return { audit, lines: [...known, ...open], kept }
}

const sweptView = ({ out, signal, now }: Context, { ended, failed, underWay, kept, ...gathered }: Swept): View => {
  if (!out.json) {
    for (const { ref, leftovers } of ended) for (const left of leftovers) out.warn(`left by ${ref}: ${plain(left)}`)
    for (const one of failed) out.fail(`${nameOf(one)} may still cost money: ${errorText(one.error, signal.aborted)}`)
  }
  return {
    text: () =>
      ended.length > 0
        ? ended.map(({ ref }) => `${plain(String(ref))} is ended and gone`).join("\n")
        : noneText("Nothing was ended.", gathered.complete),
    notes: [
      ...underWay.map((one) => `another process is ending it now: ${nameOf(one)}`),
      ...kept.map((one) => `goes on: ${nameOf(one)}, ends ${sinceText(one.until.epochMilliseconds, now())}`)
    ],
    gathered,
    ...(failed.length > 0 && { code: exitCodes.leftovers.code })
  }
}

/** `anygpu sweep`: ends what has run out, and nothing else. */
export const run = async (context: Context, input: InputOf<typeof sweepFields>): Promise<number> => {
  const { out, signal } = context
  const { yes = false, dryRun = false } = input
  if (dryRun) {
    const { audit, lines, kept } = await overdueOf(context)
    out.answer({
      json: (): AuditJson => auditJson(audit),
      text: () => [...(lines.length > 0 ? lines : ["Nothing has run out."]), ...kept].join("\n")
    })
    return tellProblems(out, audit)
  }
  const missing: Sweep["problems"][number][] = []
  if (!yes) {
    const { audit, lines } = await overdueOf(context)
    missing.push(...audit.problems)
    if (lines.length > 0) {
      out.say(lines.join("\n"))
      await context.mustConfirm(lines.length === 1 ? "End it for good?" : `End these ${lines.length} for good?`, false)
    }
  }
  const operation = await sweep.load()
  const swept = await operation.run(context, {})
  // What the look before it could not see stays unseen, unless the sweep says so itself.
  const unseen = missing.filter(
    (one) => !swept.problems.some(({ provider, kind }) => provider === one.provider && kind === one.kind)
  )
  const all = { ...swept, complete: swept.complete && unseen.length === 0, problems: [...swept.problems, ...unseen] }
  return print(context, sweptView(context, all), () => operation.encode(all, signal.aborted))
}
