import type { Fields, Operation } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/failure"
import type { Problem } from "anygpu"
import type { Context } from "../context.ts"
import { tellProblems } from "../listing.ts"
import type { Run } from "./command.ts"

/** What people see of an answer. */
export interface View {
  readonly text: () => string
  /** What is said beside it. */
  readonly notes?: ReadonlyArray<string>
  /** Of an answer that may lack something: what it lacks. */
  readonly gathered?: { readonly complete: boolean; readonly problems: ReadonlyArray<Problem> }
  /** The exit code, where the answer itself gives it. */
  readonly code?: number
}

/** Prints an answer, and gives its exit code: the one of the view before that of what is missing. */
export const print = ({ out }: Context, view: View, json: () => object): number => {
  const { text, notes = [], gathered, code } = view
  out.answer({ json, text })
  for (const note of notes) out.note(note)
  const whole = gathered ? tellProblems(out, gathered) : exitCodes.done.code
  return code ?? whole
}

/** Runs an operation and prints its answer: as JSON by its own codec, and for people as `view` shows it. */
export const answering =
  <F extends Fields, Result, Input extends Parameters<Run<F>>[1]>(
    operation: Operation<F, Result>,
    view: (context: Context, result: Result, input: Input) => View
  ) =>
  async (context: Context, input: Input): Promise<number> => {
    const { signal } = context
    const { run, encode } = await operation.load()
    const result = await run(context, input)
    return print(context, view(context, result, input), () => encode(result, signal.aborted))
  }
