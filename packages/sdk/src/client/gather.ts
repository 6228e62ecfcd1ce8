import {
  type AnyProvider,
  answeredWithin,
  type GpuError,
  InvalidRequest,
  type Issue,
  Listing,
  type Problem,
  shape,
  withContext
} from "@anygpu/core"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { timeIssues } from "../cost/job.ts"

/** How long each cloud may take to answer what is asked of all of them, where nobody says otherwise. */
export const usualAnswerTime: Duration.Input = "20 seconds"

/** How long each cloud may take, in the client at hand. */
export const AnswerWithin = Context.Reference<Duration.Input>("anygpu/AnswerWithin", {
  defaultValue: () => usualAnswerTime
})

/** How a question goes to several clouds. */
export interface AskOptions {
  /**
   * How long each cloud may take to answer; one that takes longer costs only its own rows. The client's `answerWithin`
   * by default, which is 20 seconds.
   *
   * - Waiting for this client's own rate limit does not count, and may take as long again.
   */
  readonly within?: Duration.Input
}

/** What is asked, for errors and problems. */
export interface Question extends AskOptions {
  readonly operation: string
  /** What a cloud is asked for: `offers`. */
  readonly part: string
}

type Source = Pick<AnyProvider, "provider" | "kind">

/** What one cloud answered, or what its answer came to. */
export interface Answered<P extends Source, A> {
  readonly provider: P
  readonly answer: A
}

/** What came of asking several clouds. */
export interface Gathered<P extends Source, A> {
  readonly answers: ReadonlyArray<Answered<P, A>>
  readonly problems: ReadonlyArray<Problem>
}

const askShape = shape.argument({ within: shape.optional(shape.duration) })

const askIssues = (options: AskOptions): ReadonlyArray<Issue> => {
  const misshapen = askShape("options", options)
  if (misshapen.length > 0 || options.within === undefined) return misshapen
  return timeIssues("within", Duration.toMillis(options.within))
}

/** Asks several clouds at once, each within its time, and answers what it came to with each. */
export const askEach = Effect.fnUntraced(function* <P extends Source, A>(
  providers: ReadonlyArray<P>,
  { operation, part, ...options }: Question,
  ask: (provider: P, index: number) => Effect.Effect<A, GpuError>
): Effect.fn.Return<ReadonlyArray<Answered<P, Result.Result<A, GpuError>>>, InvalidRequest> {
  const issues = askIssues(options)
  if (issues.length > 0) return yield* InvalidRequest.all(issues)
  const time = options.within ?? (yield* AnswerWithin)
  const one = (provider: P, index: number) => {
    const place = { provider: provider.provider, kind: provider.kind, operation, what: part }
    const inTime = answeredWithin(
      Effect.suspend(() => ask(provider, index)),
      time,
      place
    )
    return Effect.map(Effect.result(inTime), (answer) => ({ provider, answer }))
  }
  return yield* Effect.forEach(providers, one, { concurrency: "unbounded" })
})

const problemsOf = <P extends Source, A>(
  asked: ReadonlyArray<Answered<P, Result.Result<A, GpuError>>>,
  { part }: Question
): ReadonlyArray<Problem> =>
  asked.flatMap(({ provider: { provider, kind }, answer }) =>
    Result.isSuccess(answer) ? [] : [{ provider, kind, part: `all ${part}`, error: answer.failure }]
  )

/** What several were asked, unless every one failed: then the first failure, whose `problems` name all. */
export const orAllFailed = <P extends Source, A>(
  asked: ReadonlyArray<Answered<P, Result.Result<A, GpuError>>>,
  question: Question
): Effect.Effect<typeof asked, GpuError> => {
  const problems = problemsOf(asked, question)
  const [first] = problems
  if (!first || problems.length < asked.length) return Effect.succeed(asked)
  return Effect.fail(withContext(first.error, { problems }))
}

/**
 * What several clouds answer.
 *
 * - Only those given are asked: who has nothing to do with a question is not an answer to it.
 * - One that fails is a problem; when every one fails, the first failure is the answer, and its `problems` name all.
 */
export const gatherAnswers = Effect.fnUntraced(function* <P extends Source, A>(
  providers: ReadonlyArray<P>,
  question: Question,
  ask: (provider: P, index: number) => Effect.Effect<A, GpuError>
): Effect.fn.Return<Gathered<P, A>, GpuError> {
  const asked = yield* orAllFailed(yield* askEach(providers, question, ask), question)
  const answers = asked.flatMap(({ provider, answer }) =>
    Result.isSuccess(answer) ? [{ provider, answer: answer.success }] : []
  )
  return { answers, problems: problemsOf(asked, question) }
})

/** {@link gatherAnswers} for listings, which are put together: complete when every one is, and none is missing. */
export const gather = Effect.fnUntraced(function* <P extends Source, A>(
  providers: ReadonlyArray<P>,
  question: Question,
  ask: (provider: P, index: number) => Effect.Effect<Listing<A>, GpuError>
): Effect.fn.Return<Listing<A>, GpuError> {
  const { answers, problems } = yield* gatherAnswers(providers, question, ask)
  const now = yield* DateTime.now
  const failed = new Listing<A>({ items: [], complete: problems.length === 0, observedAt: now, problems })
  return Listing.merge([...answers.map(({ answer }) => answer), failed], now)
})

/** Those of them that a filter lets be asked: of the kinds that it names, or all but machines without a GPU. */
export const askedFor = <P extends Source>(
  providers: ReadonlyArray<P>,
  kind: AnyProvider["kind"] | ReadonlyArray<AnyProvider["kind"]> | undefined
): ReadonlyArray<P> =>
  providers.filter((one) => (kind === undefined ? one.kind !== "cpu-vm" : [kind].flat().includes(one.kind)))
