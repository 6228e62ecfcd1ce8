import type { ErrorJson } from "@anygpu/operations/protocol"
import { useState } from "preact/hooks"
import { call, errorOf } from "./call.ts"

/** A change that somebody asks for: whether it is under way, and why it failed. */
export interface Action<Answer> {
  readonly busy: boolean
  readonly error: ErrorJson | null
  readonly answer: Answer | null
  /** Sends it; answers null when it fails, and `error` says why. It goes on when the page goes away. */
  readonly run: (name: string, input: object) => Promise<Answer | null>
}

/** A change, one at a time. */
export const useAction = <Answer>(): Action<Answer> => {
  const [state, setState] = useState<Omit<Action<Answer>, "run">>({ busy: false, error: null, answer: null })
  const run = async (name: string, input: object): Promise<Answer | null> => {
    setState({ busy: true, error: null, answer: null })
    try {
      const answer = await call<Answer>(name, input)
      setState({ busy: false, error: null, answer })
      return answer
    } catch (thrown) {
      setState({ busy: false, error: errorOf(thrown), answer: null })
      return null
    }
  }
  return { ...state, run }
}
