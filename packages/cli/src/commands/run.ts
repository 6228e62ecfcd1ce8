import { type InputOf, present } from "@anygpu/operations"
import { commandOf, findMachine, withPlaces } from "@anygpu/operations/run"
import type { RunRequest } from "@anygpu/ssh"
import { withinBudget } from "../budget.ts"
import type { runFields } from "../command/run-fields.ts"
import type { Context } from "../context.ts"
import { defaultName, orderOf } from "../order.ts"
import { Usage } from "../own-errors.ts"
import { confirmQuote, quoteFor } from "../quote.ts"
import { reportRun } from "../run-report.ts"

type Input = InputOf<typeof runFields>

/** What of a run is about its command and its files. */
const commandPart = (input: Input): RunRequest => {
  const { command, env, cwd, upload, download, to, checkpoint, checkpointEvery: every } = input
  const { retry, retryOnExit, keep, verify, detach, key, name } = input
  return {
    command: commandOf(command),
    ...present({ env, cwd, upload, retry, retryOnExit, keep, verify, detach, key, name }),
    ...(download && { download: { globs: download, ...present({ to }) } }),
    ...(checkpoint !== undefined && { checkpoint: { folder: checkpoint, ...present({ every }) } })
  }
}

/** Whether a run holds the key already: then nothing is rented by this call that nobody said yes to. */
const isHeld = async (context: Context, key: string | undefined): Promise<boolean> =>
  key !== undefined && (await (await context.runs()).runs()).some((run) => run.key === key)

/** What of a run is about renting its machine, once somebody has said yes to what it costs. */
const rentingPart = async (context: Context, input: Input): Promise<Partial<RunRequest>> => {
  const { env: _, command: __, key, yes = false, name, for: time, ...launch } = input
  if (time === undefined) throw new Usage("say how long it may take: --for 3h")
  const asked = await orderOf(context, { ...launch, for: time, ttl: time })
  const command = { ...asked, order: await withPlaces(context, asked.order) }
  if (command.keys.texts.length === 0 && context.io.ssh?.key === undefined) {
    throw new Usage("a run logs in by ssh: make a key with ssh-keygen -t ed25519, or name a public one with --ssh-key")
  }
  const { job, workload, candidates, onCloudTrouble, waitForCapacity, tags, owner } = command.order
  const { maxAbove, ...limits } = command.order.limits ?? {}
  const common = present({ job, workload, candidates, onCloudTrouble, waitForCapacity, tags, owner })
  if (await isHeld(context, key)) return { ...common, limits }
  const order = { ...command.order, name: name ?? defaultName(key, undefined), until: "ready" } as const
  const quote = await quoteFor(context, order)
  if (quote.is === "earlier") return { ...common, limits }
  await confirmQuote(context, { ...command, order }, order.name, quote, yes)
  const { candidates: quoted } = quote.request
  return { ...common, ...present({ quoted }), limits: { ...limits, ...present({ maxTotal: quote.limits.maxTotal }) } }
}

/** `anygpu run`: a command on a machine that is rented for it; its exit code is the command's. */
export const run = async (given: Context, input: Input): Promise<number> => {
  const context = await withinBudget(given, input)
  const { on, detach = false } = input
  if (detach && context.settings.sim) {
    throw new Usage("--detach leaves the command to its machine, and a simulated one ends with this call: leave it out")
  }
  const part = commandPart(input)
  const runs = await context.runs()
  const where =
    on === undefined
      ? await rentingPart(context, input)
      : { on: String(await findMachine(context, on)), ...present({ job: jobFor(input) }) }
  return await reportRun(context, (how) => runs.run({ ...part, ...where, ...how }))
}

const jobFor = ({ for: duration }: Input): RunRequest["job"] => (duration === undefined ? undefined : { duration })
