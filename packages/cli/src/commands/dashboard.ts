import { once } from "node:events"
import { type Dashboard, serveDashboard } from "@anygpu/dashboard"
import type { Log } from "@anygpu/keeper"
import type { InputOf } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/failure"
import { InvalidRequest } from "anygpu"
import { openInBrowser } from "../browser.ts"
import { servedLimit, withinLimit } from "../budget.ts"
import type { dashboardFields } from "../command/serving-fields.ts"
import type { Context } from "../context.ts"
import { ownerHere } from "../owner-here.ts"

/** The variable that holds the token of a server that is started again and again, behind a proxy that knows it. */
export const tokenVariable = "ANYGPU_DASHBOARD_TOKEN"

const usualPort = 7070

/** How often somebody else rents or ends a machine on simulated clouds, in real milliseconds. */
const colleaguesEvery = 8_000

/** Serves the dashboard of this command's clouds and ledger. */
export const serveHere = async (
  context: Context,
  input: Omit<InputOf<typeof dashboardFields>, "open">
): Promise<Dashboard> => {
  const { io } = context
  const { port = usualPort, listen: host, publicUrl, allowChanges = false } = input
  const spending = servedLimit(input, "dashboard")
  if (spending && !allowChanges) {
    throw InvalidRequest.of(
      "--allow-changes",
      "is missing: a machine that is rented has to be ended, which is a change"
    )
  }
  const own = spending ? await withinLimit(context, spending) : context
  // Now, and not at the first request: the user hears of a missing key, and may be asked for it.
  await own.gpu()
  const token = io.env[tokenVariable]
  return await serveDashboard({
    ...{ context: own, allowChanges, owner: ownerHere() },
    listen: { port, ...(host !== undefined && { host }), ...(publicUrl !== undefined && { publicUrl }) },
    ...(spending && { spending }),
    ...(token !== undefined && token !== "" && { token }),
    ...(io.clock && { simulatedSpeed: io.clock.speed ?? 1 })
  })
}

/** What rents also ends: a keeper of this process does, for as long as it runs. */
const keeperBeside = async (context: Context): Promise<AsyncDisposable> => {
  const [{ startKeeper }, { jobsAt }] = await Promise.all([import("@anygpu/keeper"), import("./keeper.ts")])
  const { io, out } = context
  const log: Log = (level, event, fields = {}) => {
    if (level !== "info") out.warn(`${event} ${JSON.stringify(fields)}`)
  }
  const [clouds, ledger, place] = [await context.clouds(), await context.ledger(), await context.ledgerPlace()]
  return await startKeeper({ clouds, ledger, log, ...jobsAt(place), ...(io.clock && { clock: io.clock }) })
}

/** Simulated clouds are not for one alone: others rent and end machines there, while somebody looks. */
const colleaguesBeside = async (context: Context): Promise<AsyncDisposable> => {
  const [{ colleaguesAct }, { createRandom }, { sleepReally }] = await Promise.all([
    import("../simulation/colleagues.ts"),
    import("@anygpu/simulators"),
    import("../pause.ts")
  ])
  const over = new AbortController()
  const signal = AbortSignal.any([context.signal, over.signal])
  const random = createRandom(context.now())
  const acting = (async () => {
    while (!signal.aborted) {
      await colleaguesAct({ ...context, signal }, random)
      // Real time: simulated time runs faster than anybody reads.
      await sleepReally(colleaguesEvery, signal).catch(() => {})
    }
  })()
  return {
    [Symbol.asyncDispose]: async () => {
      over.abort()
      await acting
    }
  }
}

/** `anygpu dashboard`: a page about all accounts, until it is interrupted. */
export const run = async (context: Context, input: InputOf<typeof dashboardFields>): Promise<number> => {
  const { out, signal } = context
  await using dashboard = await serveHere(context, input)
  const { sim } = context.settings
  await using _keeper = input.allowSpend === undefined && !sim ? null : await keeperBeside(context)
  await using _colleagues = sim ? await colleaguesBeside(context) : null
  const { link, url } = dashboard
  out.event({ json: () => ({ link, url }), text: () => `dashboard: ${link}` })
  out.note("Who has this address may do all that it shows. Ctrl-C ends it.")
  if (input.open) openInBrowser(context, link)
  if (!signal.aborted) await once(signal, "abort")
  return exitCodes.done.code
}
