import { thrownBy } from "../caller-frame.ts"
import { InvalidRequest } from "../errors.ts"

/** How an answer is limited. */
export interface AnswerLimit {
  /**
   * The most bytes of one answer's body that are read, as they are after decompression; 32 MiB when it is left out. A longer one is `Network` with
   * `reason: "too-large"`, and its connection is closed.
   */
  readonly maxAnswerBytes?: number
}

/** Some eight times the longest answer that a supported cloud is known to give: an endless one costs no more memory. */
const usual = 32 * 1024 * 1024

/** The code of an answer that was longer than its limit. */
export const tooLargeCode = "ANYGPU_ANSWER_TOO_LARGE"

const tooLarge = (most: number): Error =>
  Object.assign(new Error(`The answer has more than ${most} bytes`), { code: tooLargeCode })

/**
 * Counts the bytes of answers against a limit that was given to `call`.
 *
 * - Throws `InvalidRequest` for a limit that is no number of bytes.
 */
export const answerSize = ({ maxAnswerBytes = usual }: AnswerLimit, call: (...args: never[]) => unknown) => {
  if (!(Number.isSafeInteger(maxAnswerBytes) && maxAnswerBytes > 0)) {
    const problem = `must be a whole number of bytes above zero, not ${maxAnswerBytes}`
    throw thrownBy(call, InvalidRequest.of("maxAnswerBytes", problem))
  }
  return {
    /** The error of an answer that announces this many bytes; null when it may come. */
    announced: (length: string | null | undefined): Error | null =>
      Number(length) > maxAnswerBytes ? tooLarge(maxAnswerBytes) : null,
    /** A count of one answer: give it each part's bytes, and it answers the error once they are too many. */
    counter: () => {
      let read = 0
      return (bytes: number): Error | null => {
        read += bytes
        return read > maxAnswerBytes ? tooLarge(maxAnswerBytes) : null
      }
    }
  }
}

/** What {@link answerSize} makes. */
export type AnswerSize = ReturnType<typeof answerSize>
