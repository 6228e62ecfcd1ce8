import type { Fields, Operation } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/encode"
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
  /** The exit code, where the answer itself tells it. */
  readonly code?: number
}

/** Runs an operation and prints its answer: as JSON by its own codec, and for people as `view` shows it. */
export const answering =
  <F extends Fields, Result, Input extends Parameters<Run<F>>[1]>(
    operation: Operation<F, Result>,
    view: (context: Context, result: Result, input: Input) => View
  ) =>
  async (context: Context, input: Input): Promise<number> => {
    const { out, signal } = context
    const { run, encode } = await operation.load()
    const result = await run(context, input)
    const { text, notes = [], gathered, code = exitCodes.done.code } = view(context, result, input)
    out.answer({ json: () => encode(result, signal.aborted), text })
    for (const note of notes) out.note(note)
    return gathered ? tellProblems(out, gathered) : code
  }
