import type { OperationContext } from "./context.ts"
import type { Fields } from "./input/field.ts"
import { readInput } from "./input/input.ts"
import type { Operation } from "./operation.ts"

/**
 * Runs an operation on what was written in JSON, and answers in JSON.
 *
 * - Throws `InvalidRequest` for input that it does not take, before anything is sent.
 */
export const perform = async <F extends Fields, Result>(
  operation: Operation<F, Result>,
  context: OperationContext,
  json: unknown
): Promise<object> => {
  const input = readInput(operation.input, json, context)
  const { run, encode } = await operation.load()
  return encode(await run(context, input), context.signal.aborted)
}
