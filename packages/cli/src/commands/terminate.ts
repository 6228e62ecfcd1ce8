import { Declined, type InputOf, terminate } from "@anygpu/operations"
import { spentSumJson } from "@anygpu/operations/encode"
import { errorJson, exitCodeOf, exitCodes, problemsJson, tagOf } from "@anygpu/operations/failure"
import { findMachines, ownedBy } from "@anygpu/operations/run"
import type { Ended, GpuClient, Instance, InstanceRef, Problem } from "anygpu"
import { captionOf } from "../caption.ts"
import type { terminateFields } from "../command/fields.ts"
import type { Context } from "../context.ts"
import { costText } from "../cost-text.ts"
import { errorText } from "../failure.ts"
import type { TerminateJson } from "../json/terminate.ts"
import { noneText, tellProblems } from "../listing.ts"
import { machineColumns } from "../machines.ts"
import { Usage } from "../own-errors.ts"
import { plain } from "../plain.ts"
import { tableText } from "../table.ts"

type Input = InputOf<typeof terminateFields>

/** Whether it was said that there is no such machine: nothing is left then that costs money. */
const isMissing = (error: unknown): boolean => tagOf(error) === "NotFound"

/** What is to be ended: each with its machine, where it could be looked at. */
interface Doomed {
  readonly refs: ReadonlyArray<InstanceRef>
  readonly machines: ReadonlyArray<Instance>
  /** Refs that neither their cloud nor the ledger knows. */
  readonly strangers: ReadonlySet<string>
  readonly complete: boolean
  readonly problems: ReadonlyArray<Problem>
}

/**
 * Those that are named. One that cannot be looked at is ended all the same: reading never stands in the way.
 *
 * - Nobody is asked about a single one that does not exist: `NotFound`.
 */
const named = async (
  context: Context,
  gpu: GpuClient,
  texts: NonNullable<Input["refs"]>,
  yes: boolean
): Promise<Doomed> => {
  const { out, signal } = context
  const all = await findMachines(context, texts, { yes })
  const looks = await out.during("asking for machines", () =>
    Promise.allSettled(all.map((ref) => gpu.get(ref, { signal })))
  )
  signal.throwIfAborted()
  const machines = looks.flatMap((look) => (look.status === "fulfilled" ? [look.value] : []))
  const missing = looks.map((look) => (look.status === "rejected" && isMissing(look.reason) ? look.reason : null))
  if (missing[0] && all.length === 1 && !yes) throw missing[0]
  const strangers = new Set(all.filter((_, index) => missing[index]).map(String))
  return { refs: all, machines, strangers, complete: true, problems: [] }
}

/** Every machine on all accounts, or those with the tags. */
const everything = async ({ out, signal }: Context, gpu: GpuClient, { tags }: Input): Promise<Doomed> => {
  const isWanted = ownedBy({ tags })
  const found = await out.during("asking for machines", () => gpu.list({ signal }))
  const machines = found.items.filter((machine) => machine.status !== "terminated" && isWanted(machine))
  return { ...found, refs: machines.map(({ ref }) => ref), machines, strangers: new Set() }
}

/** So many machines get a line each, which is complete also on a narrow terminal. */
const few = 4

const doomedText = ({ out, now }: Context, { refs, machines, strangers }: Doomed): string => {
  const lines = machines.map((machine) => captionOf(machine, now()))
  const known = machines.length > few ? [tableText(out, machineColumns(now()), machines)] : lines
  const unseen = refs.filter((ref) => !machines.some((machine) => String(machine.ref) === String(ref)))
  const why = (ref: InstanceRef) =>
    strangers.has(String(ref)) ? "no such machine is known" : "it could not be looked at"
  return [...known, ...unseen.map((ref) => `${plain(String(ref))} (${why(ref)})`)].join("\n")
}

const mustAgree = async (context: Context, { refs, machines }: Doomed, all: boolean): Promise<void> => {
  const { asker } = context
  const [what, are] = refs.length === 1 ? ["this machine", "is"] : [`these ${refs.length} machines`, "are"]
  const isOver = machines.length === refs.length && machines.every(({ status }) => status === "terminated")
  const question = isOver ? `Make sure that ${what} ${are} gone?` : `End ${what} for good?`
  if (!all || !asker.possible) return await context.mustConfirm(question, false)
  const typed = await asker.text(`To end all of them for good, type their number (${refs.length}):`)
  if (typed.trim() !== String(refs.length)) throw new Declined("Nothing was changed.")
}

const endedText = ({ ref, alreadyGone }: Ended): string =>
  alreadyGone ? `${plain(String(ref))} was gone already` : `${plain(String(ref))} is ended and gone`

const endAll = async (context: Context, refs: ReadonlyArray<InstanceRef>, input: Input) => {
  const { io, out } = context
  const { within, ifBusy, withVolumes, sameAccount } = input
  const operation = await terminate.load()
  const open = new Set(refs.map(String))
  const words = () =>
    `Stopped at once: not seen gone are ${[...open].join(", ")}. Look with anygpu list, and end them again.`
  const end = async (ref: InstanceRef, say: (text: string) => void) => {
    const ended = await operation.run(context, { ref, within, ifBusy, withVolumes, sameAccount })
    open.delete(String(ref))
    if (open.size > 0) say(`ending ${[...open].join(", ")}`)
    return ended
  }
  io.lastWords?.add(words)
  try {
    return await out.during(`ending ${refs.join(", ")}`, (say) => Promise.allSettled(refs.map((ref) => end(ref, say))))
  } finally {
    io.lastWords?.delete(words)
  }
}

/** The code for several ends: that of their error when all failed in one way, else that something is left. */
const codeOf = (errors: ReadonlyArray<unknown>, ended: number, interrupted: boolean): number => {
  if (errors.every(isMissing)) return exitCodes.missing.code
  const codes = new Set(errors.map((error) => exitCodeOf(error, interrupted)))
  const [first] = codes
  return ended === 0 && codes.size === 1 && first !== undefined ? first : exitCodes.leftovers.code
}

/** `anygpu terminate`: ends machines for good, and makes sure that they are gone. */
export const run = async (context: Context, input: Input): Promise<number> => {
  const { out, signal } = context
  const { refs: texts = [], all = false, yes = false, tags } = input
  if (all && texts.length > 0) throw new Usage("--all ends every machine: name none")
  if (tags && (all || texts.length > 0)) throw new Usage("--tag says which machines: name none, and leave out --all")
  if (!all && !tags && texts.length === 0)
    throw new Usage("name the machines to end as `anygpu list` prints them, or pass --tag or --all")
  const gpu = await context.gpu()
  const doomed = all || tags ? await everything(context, gpu, input) : await named(context, gpu, texts, yes)
  const { refs } = doomed
  tellProblems(out, doomed)
  if (refs.length > 0) {
    const say = yes ? out.note : out.say
    say(doomedText(context, doomed))
    if (!yes) await mustAgree(context, doomed, all)
  }
  const results = await endAll(context, refs, input)
  const ended = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []))
  const failed = results.flatMap((result, index) =>
    result.status === "rejected" ? [{ ref: String(refs[index]), error: result.reason as unknown }] : []
  )
  const [only] = failed
  if (only && refs.length === 1) throw only.error
  out.answer({
    json: (): TerminateJson => ({
      ended: ended.map(({ ref, alreadyGone, leftovers, cost }) => ({
        ...{ ref: String(ref), alreadyGone, leftovers: [...leftovers], cost: cost && spentSumJson(cost) }
      })),
      failed: failed.map(({ ref, error }) => ({ ref, error: errorJson(error, signal.aborted) })),
      complete: doomed.complete,
      problems: problemsJson(doomed.problems)
    }),
    text: () => (refs.length === 0 ? noneText("No machines.", doomed.complete) : ended.map(endedText).join("\n"))
  })
  for (const { ref, cost } of ended) {
    if (cost !== null) out.note(`${plain(String(ref))} has cost ${costText(cost)}`)
  }
  if (!out.json) {
    for (const { ref, leftovers } of ended) for (const left of leftovers) out.warn(`left by ${ref}: ${plain(left)}`)
    for (const { ref, error } of failed) {
      const what = isMissing(error) ? "was not ended" : "may still cost money"
      out.fail(`${ref} ${what}: ${errorText(error, signal.aborted)}`)
    }
  }
  if (failed.length > 0) {
    const errors = failed.map(({ error }) => error)
    return codeOf(errors, ended.length, signal.aborted)
  }
  return doomed.complete ? exitCodes.done.code : exitCodes.partial.code
}
