import { Readable, Writable } from "node:stream"
import { commandText, type InputOf } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/failure"
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio"
import { servedLimit, withinLimit } from "../budget.ts"
import type { mcpFields } from "../command/serving-fields.ts"
import type { Context } from "../context.ts"
import { timeText } from "../format.ts"
import { makeKeeper } from "../mcp/keeper.ts"
import { limitLines } from "../mcp/line-limit.ts"
import { readingTools } from "../mcp/reading.ts"
import { rentingTools } from "../mcp/renting.ts"
import { makeServer } from "../mcp/server.ts"
import type { Tool } from "../mcp/tool.ts"

/** How often it is looked whether the time of a machine is over, in milliseconds. */
const checkEvery = 5000

/** The standard streams carry the protocol and nothing else. */
const transportOver = ({ stdin, stdout }: Context["io"]) => {
  if (!(stdin instanceof Readable && stdout instanceof Writable)) throw new Error("mcp needs streams of Node")
  const limited = limitLines((answer) => stdout.write(answer))
  return new StdioServerTransport(stdin.pipe(limited), stdout)
}

/** What a run that goes on costs money for, and how to bring it to its end. */
const openRunText = (key: string, ref: string | null): string =>
  `run ${key} goes on${ref === null ? "" : `, on ${ref}`}: ` +
  `${commandText("anygpu", "attach", key)} brings it to its end, ${commandText("anygpu", "stop-job", key)} ends it now`

/** Serves the tools until the agent goes away or Ctrl-C, and then lets what is under way come to its end. */
const serve = async ({ io, signal: stop }: Context, tools: ReadonlyArray<Tool>): Promise<void> => {
  const underWay = new Set<Promise<unknown>>()
  const call: Parameters<typeof makeServer>[1] = (tool, input, cancelled) => {
    const result = tool.run({ input, signal: AbortSignal.any([cancelled, stop]) })
    underWay.add(result)
    const done = () => underWay.delete(result)
    result.then(done, done)
    return result
  }
  const closed = Promise.withResolvers<void>()
  const handle = serveStdio(
    () => {
      const server = makeServer(tools, call)
      server.server.onclose = () => closed.resolve()
      return server
    },
    { transport: transportOver(io) }
  )
  const end = () => closed.resolve()
  stop.addEventListener("abort", end)
  for (const event of ["end", "close"]) io.stdin.once(event, end)
  if (stop.aborted) end()
  await closed.promise
  stop.removeEventListener("abort", end)
  await handle.close()
  await Promise.allSettled(underWay)
}

/** `anygpu mcp`: the operations as a server of the Model Context Protocol. */
export const run = async (given: Context, input: InputOf<typeof mcpFields>): Promise<number> => {
  const context: Context = { ...given, wholeNames: true }
  const limit = servedLimit(input, "mcp")
  // Now, and not at the first call: the user who starts the server hears of a missing key, and may be asked for it.
  await context.gpu()
  if (context.io.stdin.isTTY)
    context.out.note("This speaks to an agent's program, which starts it itself. Ctrl-C ends it.")
  if (limit === null) {
    await serve(context, await readingTools(context))
    return exitCodes.done.code
  }
  const within = await withinLimit(context, limit)
  const [gpu, runs] = [await within.gpu(), await within.runs()]
  const { out, now, monotonic, signal } = context
  const keeper = makeKeeper((ref) => gpu.terminate(ref, { signal }), { now, monotonic, warn: out.warn })
  // Real time, also where a simulated clock runs faster: on that one nobody may sleep for hours.
  const timer = setInterval(keeper.endDue, checkEvery)
  const begun = new Set<string>()
  try {
    await serve(context, [
      ...(await readingTools(within)),
      ...(await rentingTools({ context: within, limit: limit.total, keeper, begun }))
    ])
  } finally {
    clearInterval(timer)
    await keeper.endDue()
  }
  for (const { key, attempts } of await runs.runs({ state: "open" })) {
    if (begun.has(key)) out.warn(openRunText(key, attempts.at(-1)?.ref ?? null))
  }
  for (const { ref, until } of keeper.rented()) {
    out.warn(`still rented until ${timeText(until)}: ${ref}. anygpu sweep ends it then, anygpu terminate now`)
  }
  return exitCodes.done.code
}
