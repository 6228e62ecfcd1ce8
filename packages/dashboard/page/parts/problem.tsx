import type { ErrorJson } from "@anygpu/operations/protocol"

/** What went wrong, in the words of the error, which say what to do next. */
export const Problem = ({ error, what, again }: ProblemProps) => (
  <div class="notice failed" role="alert">
    <strong>{what}</strong>
    <p>{error.message}</p>
    {error.leftovers?.length ? <p>It may still cost money: {error.leftovers.join(", ")}</p> : null}
    {again && (
      <button type="button" class="tiny" onClick={again}>
        Try again
      </button>
    )}
  </div>
)

/** An error, what failed, and how to try again. */
export interface ProblemProps {
  readonly error: ErrorJson
  readonly what: string
  readonly again?: (() => void) | undefined
}
