import { once } from "node:events"
import type { Dashboard } from "@anygpu/dashboard"
import { type JobPlace, jsonLog, type Listen, type Log, secretsFrom, startKeeper } from "@anygpu/keeper"
import type { InputOf } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/failure"
import { InvalidRequest } from "anygpu"
import type { keeperFields } from "../command/serving-fields.ts"
import type { Context } from "../context.ts"
import { isServer } from "../ledger.ts"

/** Where the jobs of keepers are: beside a ledger on a server. On a file each keeper has timers of its own. */
export const jobsAt = (place: string): { readonly jobs?: JobPlace } => (isServer(place) ? { jobs: { url: place } } : {})

const listenOf = ({ port, host }: InputOf<typeof keeperFields>): { readonly listen?: Listen } =>
  port === undefined ? {} : { listen: { port, ...(host !== undefined && { host }) } }

/** The dashboard that is served beside, where that was asked for. */
const dashboardBeside = async (
  context: Context,
  { dashboard: port, ...input }: InputOf<typeof keeperFields>,
  log: Log
): Promise<Dashboard | null> => {
  if (port === undefined) return null
  const { serveHere, tokenVariable } = await import("./dashboard.ts")
  if (!context.io.env[tokenVariable]) {
    throw InvalidRequest.of(tokenVariable, "is missing: a keeper's lines are kept, so that no token is printed in them")
  }
  const dashboard = await serveHere(context, { ...input, port })
  log("info", "dashboard", { url: dashboard.url })
  return dashboard
}

/** `anygpu keeper`: ends machines in time until it is interrupted, and then lets what is under way come to its end. */
export const run = async (context: Context, input: InputOf<typeof keeperFields>): Promise<number> => {
  const { io, signal, now } = context
  const [clouds, ledger, place] = [await context.clouds(), await context.ledger(), await context.ledgerPlace()]
  signal.throwIfAborted()
  const log = jsonLog((line) => io.stdout.write(line), now)
  const prices = input.prices === undefined ? {} : { prices: { every: input.prices } }
  const secrets = secretsFrom({ env: io.env, ...(input.secrets !== undefined && { directory: input.secrets }) })
  const own = { ...jobsAt(place), ...listenOf(input), ...prices, ...(io.clock && { clock: io.clock }) }
  await using _keeper = await startKeeper({ clouds, ledger, log, secrets, ...own })
  await using _dashboard = await dashboardBeside(context, input, log)
  if (!signal.aborted) await once(signal, "abort")
  return exitCodes.done.code
}
