import { type AnyProvider, type GpuError, Listing, RateLimited, Unauthenticated, withContext } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { failing, type Mutant, mutant, type Overrides } from "./mutant.ts"

const nothing = Effect.map(
  DateTime.now,
  (observedAt) => new Listing<never>({ items: [], complete: true, observedAt, problems: [] })
)

/** The market, and the account, are empty when they fail with one of these. */
const emptyAfter = (provider: AnyProvider, ...tags: ReadonlyArray<GpuError["_tag"]>): Overrides => ({
  offers: (filter) =>
    Effect.catchIf(
      provider.offers(filter),
      ({ _tag }) => tags.includes(_tag),
      () => nothing
    ),
  list: () =>
    Effect.catchIf(
      provider.list(),
      ({ _tag }) => tags.includes(_tag),
      () => nothing
    )
})

const keptWords = "errors: the words of a refusal are kept, however deep they lie, and do not change what it is"

/** Providers for which failure looks like an empty market. */
export const failureMutants: ReadonlyArray<Mutant> = [
  mutant(
    "empty market for a wrong key",
    "failure: a wrong key is its error for offers too, unless the market is open to all",
    "Answers no offers where the key is not taken: it looks as if there were none.",
    (provider) => ({ offers: (filter) => Effect.catchTag(provider.offers(filter), "Unauthenticated", () => nothing) })
  ),
  mutant(
    "empty market for a dead network",
    "failure: a network that is dead is Network, for the market and for the account",
    "Answers nothing where the cloud cannot be reached: the job goes elsewhere, and what runs is forgotten.",
    (provider) => emptyAfter(provider, "Network")
  ),
  mutant(
    "a limit for a dead network",
    "failure: a network that is dead stays Network for somebody who asks again and again",
    "Counts requests that never left against its own rate limit: the second error is about that, not about the network.",
    (provider) => {
      let failed = 0
      const { provider: cloud, kind } = provider
      const limited = new RateLimited({ message: "its own limit", retry: "exhausted", provider: cloud, kind })
      return {
        offers: (filter) =>
          Effect.catchTag(provider.offers(filter), "Network", (error) => Effect.fail(failed++ > 0 ? limited : error))
      }
    }
  ),
  mutant(
    "empty market for an unreadable answer",
    "failure: null is an error, never an empty market or account",
    "Takes null for an empty list.",
    (provider) => emptyAfter(provider, "BadResponse")
  ),
  mutant(
    "empty market for an error in a success",
    "failure: an error beside an empty answer is an error, never an empty market or account",
    "Reads the empty list and not the error beside it.",
    (provider) => emptyAfter(provider, "ProviderFault", "BadResponse")
  ),
  mutant(
    "empty market behind a login page",
    "failure: a way to a login is an error, never an empty market or account",
    "Takes a redirect for an answer without rows.",
    (provider) => emptyAfter(provider, "ProviderFault", "BadResponse")
  ),
  mutant(
    "words that are lost",
    keptWords,
    "Says that the cloud refused, and not what it said: nobody knows what to do.",
    (provider) => failing(provider, (error) => withContext(error, { message: `${error.operation}: the cloud refused` }))
  ),
  mutant(
    "every refusal is a wrong key",
    keptWords,
    "Takes a missing permission for a wrong key: the right key is thrown away, and the new one may not do it either.",
    (provider) =>
      failing(provider, (error) =>
        error._tag === "PermissionDenied" ? new Unauthenticated({ ...error, message: error.message }) : error
      )
  ),
  mutant(
    "makes odd texts fit",
    "refusals: wrong values are InvalidRequest, named, and change nothing",
    "Leaves out what is not visible in a name or an image: what is rented is not what was asked for.",
    (provider) => {
      const seen = (text: string): string => text.replaceAll(/[\s\p{Cc}\p{Cf}]/gu, "")
      return {
        launch: ({ image, name, ...spec }) =>
          provider.launch({ ...spec, name: seen(name), ...(image !== undefined && { image: seen(image) }) })
      }
    }
  )
]
