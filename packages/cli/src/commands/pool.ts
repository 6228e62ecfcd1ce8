import { commandText, type InputOf } from "@anygpu/operations"
import { offerRef } from "@anygpu/operations/encode"
import { exitCodes } from "@anygpu/operations/failure"
import { keepPool, pool as operation } from "@anygpu/operations/run"
import { formatMoney, isGpuError, type PoolRequest, type PoolRound, scaleMoney } from "anygpu"
import { withinBudget } from "../budget.ts"
import { captionOf } from "../caption.ts"
import { again } from "../command/again.ts"
import { print, type View } from "../command/answering.ts"
import type { poolFields } from "../command/pool-fields.ts"
import { secretOptions } from "../command/queue-fields.ts"
import type { Context } from "../context.ts"
import { errorText } from "../failure.ts"
import { gpuText, timeText } from "../format.ts"
import { type CommandOrder, orderOf } from "../order.ts"
import { Usage } from "../own-errors.ts"
import { plain } from "../plain.ts"
import { loginOf, noteKeepers, orderText } from "./queue.ts"

type Input = InputOf<typeof poolFields>

/** The order of one machine of the pool; null where all are to end. */
const machineOrder = async (context: Context, input: Input): Promise<CommandOrder | null> => {
  const { name, size, for: time = operation.usualJob, ...machine } = input
  return size === 0 ? null : await orderOf(context, { ...machine, name, for: time })
}

/** What one machine would cost now, as a sentence; empty where that cannot be said. */
const costText = async ({ gpu, signal }: Context, { order }: CommandOrder, size: number): Promise<string> => {
  const client = await gpu()
  const quote = await client.quote({ ...order, until: "created" }, { signal }).catch((error: unknown) => {
    if (isGpuError(error)) return null
    throw error
  })
  if (quote?.is !== "offered") return ""
  const { candidates, perHour } = quote
  const [{ offer }] = candidates
  const each = perHour ? `${formatMoney(perHour)} per hour` : "at an unknown price"
  const all = perHour ? `, ${formatMoney(scaleMoney(perHour, size))} per hour for ${size}` : ""
  return `The best one now: ${plain(offerRef(offer))}, ${gpuText(offer.gpu)}, ${each}${all}.`
}

/** Asks for a yes: to all that is to be rented, now and in place of what is lost, or to the end of all. */
const agreed = async (context: Context, input: Input, command: CommandOrder | null): Promise<void> => {
  const { name, size, maxAllPerHour, yes = false } = input
  if (yes) return
  if (command === null) return await context.mustConfirm(`End all machines of the pool ${name}?`, false)
  const cost = await costText(context, command, size)
  const most = maxAllPerHour ? ` ${formatMoney(maxAllPerHour)} per hour together at most.` : ""
  context.out.say(`${cost}${most}`.trim())
  const machines = size === 1 ? "1 such machine" : `${size} such machines`
  await context.mustConfirm(`Keep ${machines}, and rent others in place of what is lost?`, false)
}

const lineOf = ({ place, ref, instance }: PoolRound["machines"][number], now: number): string =>
  `${String(place).padStart(3)}  ${instance ? captionOf(instance, now) : `${plain(String(ref))}, which cannot be read now`}`

const view = ({ out, now, signal }: Context, round: PoolRound): View => {
  const { name, machines, launched, replaced, ended, missing } = round
  if (!out.json) {
    for (const { place, error } of missing) out.warn(`place ${place}: ${errorText(error, signal.aborted)}`)
  }
  const rented = new Set(launched.map(String))
  return {
    text: () =>
      machines.length > 0
        ? machines.map((one) => `${lineOf(one, now())}${rented.has(String(one.ref)) ? "  new" : ""}`).join("\n")
        : "The pool has no machines.",
    notes: [
      ...replaced.map(({ ref, because }) => `replaced: ${plain(String(ref))}, which was ${because}`),
      ...ended.map((ref) => `ended: ${plain(String(ref))}`),
      ...(machines.length > 0 ? [`end them all: ${commandText("anygpu", "pool", name, "--size", "0")}`] : [])
    ],
    ...(missing.length > 0 && { code: exitCodes.partial.code })
  }
}

/** One round and its answer. */
const once = async (context: Context, request: PoolRequest): Promise<number> => {
  const round = await operation.keep(context, request)
  return print(context, view(context, round), () => operation.encode(round, context.signal.aborted))
}

/** So many milliseconds between two rounds at least: each asks for every machine. */
const leastEvery = 10_000

/** A round again and again, a line for each; one that fails is said, and the next one follows. */
const rounds = (context: Context, request: PoolRequest, every: number): Promise<number> => {
  const { out, signal } = context
  const keep = async () => {
    const round = await operation.keep(context, request)
    const { machines, launched, replaced, missing } = round
    out.event({
      json: () => operation.encode(round, signal.aborted),
      text: () =>
        `${timeText(round.at.epochMilliseconds)}  ${machines.length} of ${request.size} there, ${launched.length} new, ` +
        `${replaced.length} replaced, ${missing.length} missing`
    })
    for (const { place, error } of missing) out.warn(`place ${place}: ${errorText(error, signal.aborted)}`)
  }
  const failed = (error: unknown) => {
    // A request that is none stays so.
    if (!isGpuError(error) || error._tag === "InvalidRequest") throw error
    out.warn(errorText(error, false))
  }
  return again(context, every, keep, failed)
}

/** What only a pool that this process keeps takes. */
const ofProcess = ["every", "registryPasswordStdin"] as const

const refuseMixed = (input: Input): void => {
  const wrong = (input.kept ? ofProcess : secretOptions).find(
    (name) => input[name] !== undefined && input[name] !== false
  )
  if (wrong === undefined) return
  throw new Usage(input.kept ? `--kept leaves the pool to keepers, which take no ${wrong}` : `${wrong} needs --kept`)
}

/** Leaves the pool to keepers. */
const leave = async (context: Context, input: Input): Promise<number> => {
  const { out, gpu, signal, settings } = context
  if (settings.accounts !== null) throw new Usage("--kept names clouds, with --cloud, and no accounts")
  const { registryUser: _, registryHost: __, ...own } = input
  const command = await machineOrder(context, own)
  const clouds = settings.clouds ? [...settings.clouds] : undefined
  const request = keepPool.keptPoolOf({ ...input, clouds }, command?.order ?? null, loginOf(input))
  await agreed(context, input, command)
  const order = await (await gpu()).keepPool(request, { signal })
  out.answer({ json: () => keepPool.encode(order), text: () => orderText(order) })
  await noteKeepers(context, [order.id])
  return 0
}

/** `anygpu pool`: keeps so many machines that fit, once or until it is interrupted. */
export const run = async (given: Context, input: Input): Promise<number> => {
  const context = await withinBudget(given, input)
  const { every } = input
  if (every !== undefined && every < leastEvery) throw new Usage("--every is less than 10 seconds")
  refuseMixed(input)
  if (input.kept) return await leave(context, input)
  const command = await machineOrder(context, input)
  const request = operation.poolOf(input, command?.order ?? null)
  await agreed(context, input, command)
  return every === undefined ? await once(context, request) : await rounds(context, request, every)
}
