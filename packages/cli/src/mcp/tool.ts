import type { z } from "zod"

/** What a tool does to the accounts: reads, changes what can be changed back, spends, or ends for good. */
export type ToolEffect = "read" | "change" | "spend" | "end"

/** One call of a tool, with the input that its schema has let through. */
export interface ToolCall {
  readonly input: Readonly<Record<string, unknown>>
  /** Aborted when the agent cancels the call, goes away, or the server is interrupted. */
  readonly signal: AbortSignal
}

/** One operation as agents see it. */
export interface Tool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly effect: ToolEffect
  /** Whether a second call with the same input does nothing more than the first. */
  readonly idempotent: boolean
  readonly input: z.ZodObject
  readonly output: z.ZodObject
  /** Throws the errors of the catalogue; the server reports them. */
  readonly run: (call: ToolCall) => Promise<Readonly<Record<string, unknown>>>
}
