import type { ErrorJson } from "@anygpu/operations/protocol"
import { useCallback, useEffect, useState } from "preact/hooks"
import { call, errorOf } from "./call.ts"

/** What is known of an answer: the last one stays while a new one is asked for, and when that fails. */
export interface Asked<Answer> {
  readonly answer: Answer | null
  readonly error: ErrorJson | null
  readonly asking: boolean
  /** Asks again now. */
  readonly again: () => void
}

const kept = new Map<string, unknown>()

/** So many answers are kept for the way back to a screen. */
const mostKept = 60

const keep = (key: string, answer: unknown): void => {
  kept.delete(key)
  kept.set(key, answer)
  const [oldest] = kept.keys()
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
}

/** Asks, and keeps the answer. */
const askAndKeep = async <Answer>(name: string, input: object, signal: AbortSignal): Promise<Answer> => {
  const answer = await call<Answer>(name, input, signal)
  keep(JSON.stringify([name, input]), answer)
  return answer
}

/**
 * Runs a reading operation, and again when its input changes or `again` is called; null input asks nothing.
 *
 * - An answer of before is shown at once, and replaced when the new one comes. Giving up cancels the read.
 * - It is asked for again when `round` changes.
 */
export const useAnswer = <Answer>(name: string, input: object | null, round = ""): Asked<Answer> => {
  const key = input === null ? null : JSON.stringify([name, input])
  const [state, setState] = useState<{ readonly key: string | null; readonly error: ErrorJson | null }>({
    key: null,
    error: null
  })
  const [again, setAgain] = useState(0)
  useEffect(() => {
    if (key === null || input === null) return
    const giveUp = new AbortController()
    setState({ key: null, error: null })
    askAndKeep(name, input, giveUp.signal)
      .then(() => setState({ key, error: null }))
      .catch((thrown: unknown) => giveUp.signal.aborted || setState({ key, error: errorOf(thrown) }))
    return () => giveUp.abort()
  }, [key, round, again])
  const askAgain = useCallback(() => setAgain((before) => before + 1), [])
  const answer = key === null ? null : ((kept.get(key) as Answer | undefined) ?? null)
  return {
    answer,
    error: state.key === key ? state.error : null,
    asking: key !== null && state.key !== key,
    again: askAgain
  }
}

/**
 * Several answers of one operation, in the order of their inputs: null where one is still missing. They are asked for again when
 * `round` changes.
 */
export const useAnswers = <Answer>(name: string, inputs: ReadonlyArray<object>, round = "") => {
  const key = JSON.stringify([name, inputs])
  const [answers, setAnswers] = useState<ReadonlyArray<Answer | null>>([])
  const [error, setError] = useState<ErrorJson | null>(null)
  useEffect(() => {
    const giveUp = new AbortController()
    setAnswers(inputs.map((input) => (kept.get(JSON.stringify([name, input])) as Answer | undefined) ?? null))
    setError(null)
    Promise.all(inputs.map((input) => askAndKeep<Answer>(name, input, giveUp.signal)))
      .then(setAnswers)
      .catch((thrown: unknown) => giveUp.signal.aborted || setError(errorOf(thrown)))
    return () => giveUp.abort()
  }, [key, round])
  return { answers, error }
}
