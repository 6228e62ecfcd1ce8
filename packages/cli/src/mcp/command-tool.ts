import { z } from "zod"
import type { CommandEntry } from "../catalogue/entry.ts"
import type { Context } from "../context.ts"
import { argumentFields, argumentsOf, optionFields, optionsOf } from "./input.ts"
import type { Tool } from "./tool.ts"

/** The command as it answers with `--json`, with its answer kept in place of printed. */
const keeping = (context: Context, signal: AbortSignal) => {
  let kept: unknown
  const out: Context["out"] = {
    ...context.out,
    ...{ json: true, quiet: true, live: false, width: Number.POSITIVE_INFINITY },
    answer: ({ json }) => {
      kept = json()
    },
    note: () => {},
    // What is missing stands in the answer too.
    warn: () => {},
    during: (_, work) => work(() => {})
  }
  return { context: { ...context, out, signal, settings: { ...context.settings, json: true } }, answer: () => kept }
}

/**
 * A reading command as a tool: its arguments and options are the input, and what it prints with `--json` is the answer.
 *
 * - `about` is for agents what the command's own says of options and tables.
 * - `within` puts the answer into a field of its own, where its schema is not that of one object.
 */
export const commandTool = (
  context: Context,
  entry: CommandEntry,
  output: z.ZodType,
  { within, about = entry.about }: { readonly within?: string; readonly about?: string | undefined } = {}
): Tool => {
  const options = optionFields(entry.options)
  const shape = { ...argumentFields(entry.arguments, options), ...options }
  return {
    name: entry.name,
    title: `${entry.summary.charAt(0).toUpperCase()}${entry.summary.slice(1)}`,
    description: [entry.summary, about].filter((text) => text !== undefined).join(". "),
    ...{ effect: "read", idempotent: true },
    input: z.strictObject(shape),
    output:
      within === undefined && output instanceof z.ZodObject ? output : z.object({ [within ?? entry.name]: output }),
    run: async ({ input, signal }) => {
      const { run } = await entry.load()
      const kept = keeping(context, signal)
      await run(kept.context, argumentsOf(entry.arguments, options, input), optionsOf(input))
      const answer = z.record(z.string(), z.unknown()).parse(kept.answer())
      return within === undefined ? answer : { [within]: answer }
    }
  }
}
