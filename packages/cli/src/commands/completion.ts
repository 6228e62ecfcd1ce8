import type { InputOf } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/failure"
import type { completionFields } from "../command/fields.ts"
import { scriptFor } from "../completion/scripts.ts"
import type { Context } from "../context.ts"

/** `anygpu completion`: what a shell reads once to complete this command. */
export const run = async ({ out }: Context, { shell }: InputOf<typeof completionFields>): Promise<number> => {
  out.answer({ text: () => scriptFor(shell), json: () => ({ shell, script: scriptFor(shell) }) })
  return exitCodes.done.code
}
