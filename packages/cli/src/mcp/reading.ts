import { findMachine, list, present, show } from "@anygpu/operations"
import {
  auditShape,
  balanceShape,
  compareShape,
  costsShape,
  imagesShape,
  offersShape,
  timeJson
} from "@anygpu/operations/protocol"
import type { LogOptions } from "anygpu"
import { z } from "zod"
import type { CommandEntry } from "../catalogue/entry.ts"
import { commands } from "../commands/index.ts"
import type { Context } from "../context.ts"
import { commandTool } from "./command-tool.ts"
import { operationTool } from "./operation-tool.ts"
import { type LinesJson, linesShape } from "./shapes.ts"
import type { Tool } from "./tool.ts"

/** Which machine a tool is about. */
export const refInput = z
  .string()
  .min(1)
  .describe("a machine as `list` tells it: its whole ref (vast/container/123), id or name; never a part of one")

const entryOf = (name: string): CommandEntry => {
  const entry = commands.find((one) => one.name === name)
  if (!entry) throw new Error(`no command is called ${name}`)
  return entry
}

const linesInput = z.strictObject({
  ref: refInput,
  tail: z.int().min(1).optional().describe("the last so many lines; 100 by default"),
  containing: z.string().min(1).optional().describe("only lines with this text, where the cloud can filter")
})

const linesTool = (context: Context, op: "logs" | "events", input: z.ZodObject): Tool => ({
  name: op,
  title: op === "logs" ? "Print what the workload has printed" : "Print what the cloud did with the machine",
  description: entryOf(op).summary,
  ...{ effect: "read", idempotent: true, input, output: linesShape },
  run: async ({ input: given, signal }): Promise<LinesJson> => {
    const { ref: text, tail = 100, ...options } = linesInput.extend({ source: sourceInput }).parse(given)
    const ref = await findMachine({ ...context, signal }, text)
    const gpu = await context.gpu()
    const wanted = present({ tail, ...options })
    const { lines, observedAt } = await gpu.act(ref, op, wanted satisfies LogOptions, { signal })
    return { ref: String(ref), lines: [...lines], observedAt: timeJson(observedAt) }
  }
})

const sourceInput = z.enum(["workload", "host"]).optional().describe("of the workload (the default) or of its host")

/** The tools that only read. */
export const readingTools = async (context: Context): Promise<ReadonlyArray<Tool>> => [
  commandTool(context, entryOf("offers"), offersShape),
  commandTool(context, entryOf("compare"), compareShape, {
    about:
      "Counts what each cloud really charges: minimum times, whole hours and days, the disk, the traffic. Where `exact` is " +
      "false, `assumptions` says what was left open"
  }),
  await operationTool(context, list),
  await operationTool(context, show),
  commandTool(context, entryOf("balance"), balanceShape),
  commandTool(context, entryOf("cost"), costsShape, { within: "cost" }),
  commandTool(context, entryOf("images"), imagesShape),
  linesTool(context, "logs", linesInput.extend({ source: sourceInput })),
  linesTool(context, "events", linesInput),
  commandTool(context, entryOf("audit"), auditShape, {
    about:
      "Tells machines nobody claims, overdue ones, lost ones, launches of unknown outcome, and what is paid per hour"
  })
]
