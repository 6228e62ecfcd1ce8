import type { z } from "zod"
import type { OperationContext } from "./context.ts"
import type { Fields, InputOf, WireInputOf } from "./input/field.ts"

/**
 * What an operation does to the accounts: reads, changes what can be changed back, spends, or ends for good.
 *
 * - `read` sends no request that changes anything, and is allowed to all who may see the accounts.
 */
export type Effect = "read" | "change" | "spend" | "end"

/** One call to try, as it is written in JSON, and what it does. */
export interface Example<F extends Fields = Fields> {
  readonly input: WireInputOf<F>
  readonly does: string
}

/** What makes an operation run; it is loaded when it is needed. */
export interface Implementation<Input, Result> {
  /** Throws the errors of the SDK's catalogue, and `Declined`. */
  run(context: OperationContext, input: Input): Promise<Result>
  /** What was found, in JSON. `interrupted` is for errors within it: whether the caller gave up. */
  encode(result: Result, interrupted: boolean): object
}

/**
 * One operation: all that a face has to know of it, as data. Options and help, tools and routes are made from it.
 *
 * - It loads neither the SDK nor a cloud nor a schema before `load`.
 */
export interface Operation<F extends Fields = Fields, Result = unknown> {
  /** As a command and a tool are called. */
  readonly name: string
  /** A heading: `Rent a machine`. */
  readonly title: string
  /** What it does, as a phrase. */
  readonly summary: string
  /** More than that, in sentences. */
  readonly about?: string
  readonly effect: Effect
  /** Whether a second call with the same input does nothing more than the first. */
  readonly idempotent: boolean
  /** It works on files of this computer: nothing for those who call from elsewhere, so that it is no tool. */
  readonly isLocal?: true
  readonly input: F
  readonly examples: ReadonlyArray<Example<F>>
  /** The schema of what is answered in JSON. */
  answer(): Promise<z.ZodType>
  load(): Promise<Implementation<InputOf<F>, Result>>
}

/** An operation, with the types of its input and its result. */
export const operation = <const F extends Fields, Result>(described: Operation<F, Result>): Operation<F, Result> =>
  described
