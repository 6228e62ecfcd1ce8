import { commandText, type InputOf } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/failure"
import { encodeRented, type Rented, rent, statusText } from "@anygpu/operations/run"
import { enderTexts, sizeText } from "@anygpu/operations/words"
import { formatMoney, isGpuError, type Launched, type LaunchRequest, type Offered, type Step } from "anygpu"
import { withinBudget } from "../budget.ts"
import type { launchFields } from "../command/fields.ts"
import { secretOptions } from "../command/queue-fields.ts"
import type { Context } from "../context.ts"
import { errorText } from "../failure.ts"
import { fieldsText } from "../fields.ts"
import { priceText, timeText } from "../format.ts"
import type { LaunchJson } from "../json/launch.ts"
import { cloudEndText, nameText } from "../machines.ts"
import { type CommandOrder, defaultName, orderOf } from "../order.ts"
import { Usage } from "../own-errors.ts"
import { plain } from "../plain.ts"
import { confirmQuote, quoteFor } from "../quote.ts"
import { putIn } from "../ssh-config/beside.ts"
import { stepText } from "../step-text.ts"
import { verificationNotes } from "./verify.ts"

/** What there may be if the process ends at once, by the steps that were heard of. */
const lastWordsOf = (name: string) => {
  const booting = new Set<string>()
  return {
    hear: (step: Step): void => {
      if (step.type === "booting") booting.add(String(step.instance.ref))
      if (step.type === "ended" && step.attempt.ref) booting.delete(String(step.attempt.ref))
    },
    words: (): string => {
      const which = [...booting].map((ref) => `\n  ${commandText("anygpu", "terminate", ref)}`).join("")
      const left =
        booting.size > 0 ? `What it made may still cost money; end it with:${which}` : "It may have made a machine."
      return `Stopped at once: the launch of ${name} was not seen through. ${left}\nLook with: anygpu audit --recover`
    }
  }
}

/** Launches what was quoted, and keeps in mind what there may be if the process ends at once. */
const launchOn = async ({ io, out, signal, gpu }: Context, request: LaunchRequest): Promise<Launched> => {
  const client = await gpu()
  const { name } = request
  const { hear, words } = lastWordsOf(name)
  const interrupted = () => out.note("interrupted: ending what was made (once more to leave at once)")
  signal.addEventListener("abort", interrupted, { once: true })
  io.lastWords?.add(words)
  try {
    return await out.during(`launching ${name}`, (say) => {
      const onProgress = (step: Step) => {
        hear(step)
        const text = plain(stepText(step))
        say(text)
        if (!out.live || step.type === "ended") out.note(text)
      }
      return client.launch({ ...request, onProgress }, { signal })
    })
  } catch (error) {
    if (isGpuError(error) || !signal.aborted) throw error
    const earlier = request.key === undefined ? "" : " A machine of an earlier call with this key stays."
    throw new Error(`Interrupted. Nothing is left of this launch.${earlier}`, { cause: error })
  } finally {
    signal.removeEventListener("abort", interrupted)
    io.lastWords?.delete(words)
  }
}

/** Asks for a yes to the quote, and answers the name of the machine. */
const accepted = async (context: Context, command: CommandOrder, quote: Offered, yes: boolean): Promise<string> => {
  const name = command.name ?? defaultName(command.order.key, quote.candidates[0].offer.gpu?.model)
  await confirmQuote(context, command, name, quote, yes)
  return name
}

/** Says what was tried in vain cost, and which clouds need something before they can be used. */
const tellTrail = ({ out }: Context, { trail, spent, verification }: Rented): void => {
  if (spent.length > 0) out.note(`what was tried before it cost ${spent.map((sum) => formatMoney(sum)).join(" and ")}`)
  for (const note of verification ? verificationNotes(verification) : []) out.note(note)
  for (const { offer, outcome, error } of trail) {
    if (outcome === "refused" && error) out.note(plain(`${offer.provider} was left out: ${error.message}`))
  }
}

const launchedText = ({ out }: Context, { order, instance, quote, until, endedBy }: Rented): string => {
  const { ref, pricePerHour: price, endpoints } = instance
  const disk = instance.storageMiB ?? quote?.diskMiB ?? null
  const [ssh] = endpoints.ssh
  const later = order.until === "created" ? commandText("anygpu", "ssh", "--wait", ref) : null
  return fieldsText(out, [
    ["machine", `${plain(String(ref))} (${nameText(instance)})`],
    ["status", statusText(instance)],
    ["per hour", priceText(price)],
    ["disk", disk === null ? null : sizeText(disk)],
    ["ssh", ssh ? plain(ssh.command) : later],
    ["urls", endpoints.urls.map(plain)],
    ["ports", endpoints.ports.map((one) => plain(`${one.port}/${one.protocol} is ${one.host}:${one.externalPort}`))],
    ["end it", commandText("anygpu", "terminate", ref)],
    ["ttl", until === null ? null : `${enderTexts[endedBy]} ends it after ${timeText(until)}`],
    ["ends", cloudEndText(instance, endedBy)]
  ])
}

const launchedJson = (rented: Rented, { keys }: CommandOrder, interrupted: boolean): LaunchJson => {
  const { quote, ...answer } = encodeRented(rented, interrupted)
  return { ...answer, quote: quote && { ...quote, sshKeys: [...keys.files] } }
}

/** `anygpu launch`: rents a machine, after showing what it costs. */
export const run = async (given: Context, input: InputOf<typeof launchFields>): Promise<number> => {
  const context = await withinBudget(given, input)
  if (input.queue) return await (await import("./queue.ts")).queue(context, input)
  const orderOnly = secretOptions.find((name) => input[name] !== undefined)
  if (orderOnly !== undefined) throw new Usage(`${orderOnly} is of a launch that a keeper makes: pass --queue as well`)
  const { out, signal } = context
  const command = await orderOf(context, input)
  const rented = await rent(context, command.order, {
    quote: (order) => quoteFor(context, order),
    accept: (quote) => accepted(context, command, quote, input.yes ?? false),
    launch: (request) => launchOn(context, request)
  })
  const { order, quote, leftoverErrors } = rented
  if (quote === null) out.note(`The key "${order.key}" names this machine already: nothing was rented now.`)
  tellTrail(context, rented)
  await putIn(context, [rented.instance])
  out.answer({
    json: () => launchedJson(rented, command, signal.aborted),
    text: () => launchedText(context, rented)
  })
  if (!out.json) for (const error of leftoverErrors) out.fail(errorText(error, signal.aborted))
  return leftoverErrors.length > 0 ? exitCodes.leftovers.code : exitCodes.done.code
}
