import { type InputOf, shortRef } from "@anygpu/operations"
import { changeJson } from "@anygpu/operations/encode"
import { exitCodes } from "@anygpu/operations/failure"
import type { WatchJson } from "@anygpu/operations/protocol"
import { statusText } from "@anygpu/operations/run"
import { billingTexts } from "@anygpu/operations/words"
import type { Change, Instance } from "anygpu"
import type { watchFields } from "../command/fields.ts"
import type { Context } from "../context.ts"
import { priceText, timeText } from "../format.ts"
import { billedText, machineColumns } from "../machines.ts"
import { plain } from "../plain.ts"
import { tableText } from "../table.ts"

/** What is known by now: machines, and what cannot be asked. */
interface View {
  readonly machines: ReadonlyMap<string, Instance>
  readonly troubles: ReadonlyMap<string, string>
}

const placeOf = ({ provider, kind }: { readonly provider: string; readonly kind: string }): string =>
  `${provider} ${kind}`

/** The view after a change. */
const after = ({ machines, troubles }: View, change: Change): View => {
  switch (change.type) {
    case "stale":
      return { machines, troubles: new Map(troubles).set(placeOf(change), plain(change.error.message)) }
    case "incomplete": {
      const why = change.problems.map(({ part, error }) => `${part}: ${error.message}`).join("; ")
      return { machines, troubles: new Map(troubles).set(placeOf(change), plain(why)) }
    }
    case "resumed": {
      const left = new Map(troubles)
      left.delete(placeOf(change))
      return { machines, troubles: left }
    }
    case "vanished": {
      const left = new Map(machines)
      left.delete(String(change.ref))
      return { machines: left, troubles }
    }
    default:
      return { machines: new Map(machines).set(String(change.ref), change.instance), troubles }
  }
}

/** One change in a line. */
const lineOf = (change: Change): string => {
  const at = timeText(change.observedAt.epochMilliseconds)
  if (change.type === "stale") return `${at}  ${placeOf(change)} cannot be asked: ${plain(change.error.message)}`
  if (change.type === "incomplete") return `${at}  ${placeOf(change)} answers in part`
  if (change.type === "resumed") return `${at}  ${placeOf(change)} can be asked again`
  const { ref, instance } = change
  const name = `${plain(shortRef(String(ref)))} (${plain(instance.name ?? "no name")})`
  const { ssh, urls } = instance.endpoints
  const ways = {
    appeared: `is there: ${statusText(instance)}`,
    status: `is ${statusText(instance)}`,
    endpoints: ssh[0] ? `is reached with ${ssh[0].command}` : `is reached at ${urls.join(", ") || "no address now"}`,
    billing: `is billed now: ${billingTexts[instance.billing]}`,
    price: `costs ${priceText(instance.pricePerHour)} per hour now`,
    vanished: "is gone"
  }
  return `${at}  ${name} ${plain(ways[change.type])}`
}

/** The table as it stands now. */
const viewText = ({ out, now }: Context, { machines, troubles }: View): string => {
  const { colors } = out
  const rows = [...machines.values()].sort((a, b) => String(a.ref).localeCompare(String(b.ref), "en"))
  const trouble = Array.from(troubles, ([place, why]) => colors.yellow(`${place} cannot be asked: ${why}`))
  return [
    rows.length > 0 ? tableText({ ...out, note: () => {} }, machineColumns(now()), rows) : "No machines.",
    "",
    colors.bold(`billed now: ${billedText(rows) || "nothing"}`),
    ...trouble,
    colors.dim(`${timeText(now())}  Ctrl-C ends this`)
  ].join("\n")
}

/** Draws on the terminal again and again; the last picture stays. */
const live = async (context: Context, changes: AsyncIterable<Change>): Promise<void> => {
  const { createLogUpdate } = await import("log-update")
  const screen = createLogUpdate(context.io.stdout)
  let view: View = { machines: new Map(), troubles: new Map() }
  const draw = () => screen(viewText(context, view))
  // Ages grow also while nothing changes; where time is simulated, only changes redraw.
  const timer = context.io.clock ? null : setInterval(draw, 5000)
  try {
    for await (const change of changes) {
      view = after(view, change)
      draw()
    }
  } finally {
    if (timer) clearInterval(timer)
    screen.done()
  }
}

/** `anygpu watch`: all machines as they change. */
export const run = async (context: Context, { every }: InputOf<typeof watchFields>): Promise<number> => {
  const { io, out, signal } = context
  const gpu = await context.gpu()
  const changes = gpu.watch({ ...(every !== undefined && { every, idleEvery: every }), signal })
  try {
    if (io.stdout.isTTY === true && !out.json && io.env.TERM !== "dumb") await live(context, changes)
    else {
      for await (const change of changes) {
        out.event({ json: (): WatchJson => changeJson(change), text: () => lineOf(change) })
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error
    // The terminal has written ^C into a line of its own.
    if (io.stdout.isTTY === true) io.stdout.write("\n")
  }
  // Ctrl-C is how a watch is ended.
  return exitCodes.interrupted.code
}
