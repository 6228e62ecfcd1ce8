import { exitCodes } from "@anygpu/operations/encode"
import type { Run } from "../catalogue/entry.ts"
import { scriptFor, shells } from "../completion/scripts.ts"
import { argumentOf } from "../words.ts"

/** `anygpu completion`: what a shell reads once to complete this command. */
export const run: Run = async ({ out }, args) => {
  const shell = shells.find((name) => name === argumentOf(args, 0)) ?? "bash"
  out.answer({ text: () => scriptFor(shell), json: () => ({ shell, script: scriptFor(shell) }) })
  return exitCodes.done.code
}
