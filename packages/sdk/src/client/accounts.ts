import { type AnyProvider, type GpuError, type Kind, Listing, type OptionalOps, type Problem } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { type AskOptions, gatherAnswers } from "./gather.ts"

/** What can be read of an account; not every cloud has each part. */
export type AccountRead = "balance" | "sshKeys" | "images" | "volumes"

/** What a cloud answers to it. */
export type AccountAnswer<O extends AccountRead> = Effect.Success<ReturnType<OptionalOps<string, Kind>[O]>>

/** What all clouds answered to one question about their accounts. */
export interface AccountAnswers<A> {
  readonly answers: ReadonlyArray<{
    readonly provider: string
    readonly kind: Kind
    /** The name of the account; absent where it has none. */
    readonly account?: string
    readonly answer: A
  }>
  /** Clouds that have no such operation. */
  readonly lacking: ReadonlyArray<string>
  /** Whether every cloud that has it answered, in full; `problems` says what is missing. */
  readonly complete: boolean
  readonly problems: ReadonlyArray<Problem>
  readonly observedAt: DateTime.Utc
}

/** What is each kind's own, and not the account's. */
const ofKinds: ReadonlySet<AccountRead> = new Set(["images"])

const words: Readonly<Record<AccountRead, string>> = {
  ...{ balance: "balances", sshKeys: "ssh keys", images: "images", volumes: "volumes" }
}

type Reads = { readonly [O in AccountRead]?: () => Effect.Effect<unknown, GpuError> }

/**
 * Asks every cloud that has an operation, all at once.
 *
 * - What is the account's is asked once for each cloud, what is a kind's (`images`) once for each kind.
 * - A cloud that fails or is too slow is a problem of the answer; when every one does, the first error is the answer.
 */
export const accountsWith = (providers: ReadonlyArray<AnyProvider>) =>
  Effect.fnUntraced(function* <O extends AccountRead>(
    op: O,
    options: AskOptions = {}
  ): Effect.fn.Return<AccountAnswers<AccountAnswer<O>>, GpuError> {
    const accounts = Map.groupBy(providers, ({ provider, accountName = "" }) => `${provider} ${accountName}`)
    const able = [...accounts.values()].map((kinds) => ({
      cloud: kinds[0]?.provider ?? "",
      kinds: kinds.filter(({ capabilities }) => capabilities.has(op))
    }))
    const asked = able.flatMap(({ kinds }) => (ofKinds.has(op) ? kinds : kinds.slice(0, 1)))
    const found = yield* gatherAnswers(asked, { ...options, operation: op, part: words[op] }, (provider) => {
      const read = (provider as Reads)[op]
      return read ? (read() as Effect.Effect<AccountAnswer<O>, GpuError>) : Effect.never
    })
    const listings = found.answers.flatMap(({ answer }) => (answer instanceof Listing ? [answer] : []))
    return {
      answers: found.answers.map(({ provider: { provider, kind, accountName: account }, answer }) => ({
        ...{ provider, kind, answer },
        ...(account !== undefined && { account })
      })),
      lacking: [...new Set(able.filter(({ kinds }) => kinds.length === 0).map(({ cloud }) => cloud))],
      complete: found.problems.length === 0 && listings.every(({ complete }) => complete),
      problems: [...found.problems, ...listings.flatMap(({ problems }) => problems)],
      observedAt: yield* DateTime.now
    }
  })
