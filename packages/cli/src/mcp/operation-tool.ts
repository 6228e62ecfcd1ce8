import { type Fields, type Operation, unattended } from "@anygpu/operations"
import { inputSchema, perform } from "@anygpu/operations/json"
import { machineShape } from "@anygpu/operations/protocol"
import { z } from "zod"
import type { Context } from "../context.ts"
import type { Tool } from "./tool.ts"

/** What an agent has to know of a machine's name, beside what the operation says. */
const wholeNames = "; never a part of one"

const forAgents = (input: Fields): Fields =>
  Object.fromEntries(
    Object.entries(input).map(([name, field]) => [
      name,
      field.type === "machine" ? { ...field, description: `${field.description}${wholeNames}` } : field
    ])
  )

/**
 * An operation as a tool: its input and its answer are those of the operation.
 *
 * - An answer that is one machine stands in a field `machine`, and one whose schema is not that of an object in a field with
 *   the name of the operation.
 */
export const operationTool = async (context: Context, operation: Operation): Promise<Tool> => {
  const { name, title, summary, about, effect, idempotent } = operation
  const answer = await operation.answer()
  const within = answer === machineShape ? "machine" : answer instanceof z.ZodObject ? null : name
  const output = within === null && answer instanceof z.ZodObject ? answer : z.object({ [within ?? name]: answer })
  return {
    ...{ name, title, effect, idempotent, output },
    description: about === undefined ? summary : `${summary}. ${about}`,
    input: inputSchema(forAgents(operation.input)),
    run: async ({ input, signal }) => {
      const found = await perform(operation, { ...context, ...unattended, signal }, input)
      return within === null ? { ...found } : { [within]: found }
    }
  }
}
