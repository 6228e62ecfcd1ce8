import { once } from "node:events"
import { type JobPlace, jsonLog, type Listen, startKeeper } from "@anygpu/keeper"
import type { InputOf } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/failure"
import type { keeperFields } from "../command/fields.ts"
import type { Context } from "../context.ts"
import { isServer } from "../ledger.ts"

/** Where the jobs of keepers are: beside a ledger on a server. On a file each keeper has timers of its own. */
const jobsAt = (place: string): { readonly jobs?: JobPlace } => (isServer(place) ? { jobs: { url: place } } : {})

const listenOf = ({ port, host }: InputOf<typeof keeperFields>): { readonly listen?: Listen } =>
  port === undefined ? {} : { listen: { port, ...(host !== undefined && { host }) } }

/** `anygpu keeper`: ends machines in time until it is interrupted, and then lets what is under way come to its end. */
export const run = async (context: Context, input: InputOf<typeof keeperFields>): Promise<number> => {
  const { io, signal, now } = context
  const [clouds, ledger, place] = [await context.clouds(), await context.ledger(), await context.ledgerPlace()]
  signal.throwIfAborted()
  const log = jsonLog((line) => io.stdout.write(line), now)
  const prices = input.prices === undefined ? {} : { prices: { every: input.prices } }
  const own = { ...jobsAt(place), ...listenOf(input), ...prices, ...(io.clock && { clock: io.clock }) }
  await using _keeper = await startKeeper({ clouds, ledger, log, ...own })
  if (!signal.aborted) await once(signal, "abort")
  return exitCodes.done.code
}
