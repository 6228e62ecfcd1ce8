import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import * as Effect from "effect/Effect"
import type { GpuError } from "../errors.ts"
import { accountParts, accountText } from "../model/account-text.ts"
import { coalesce } from "./coalesce.ts"

/** How an account that is written down is related to the one in use. */
export type Kinship =
  | { readonly is: "same" }
  /** The cloud itself says that they are two. */
  | { readonly is: "other" }
  /** Another key, and its account is not known: `because` says why. */
  | { readonly is: "unsure"; readonly because: string }

/**
 * Which account of a cloud a key is of: what a ledger keeps beside each machine, so that a key of another account never
 * concludes that a machine is gone.
 */
export interface Account {
  /** What is known of it without a request: a text that only {@link kinTo} understands, and that holds no secret. */
  readonly known: () => string
  /** Whether a text of {@link known} is of this key, among others perhaps. */
  readonly isOfKey: (text: string | undefined) => boolean
  /**
   * What is known of it, with the cloud's own word where it has one; the cloud is asked at most until it has answered
   * once.
   */
  readonly asked: Effect.Effect<string>
  /** How the account in a text of {@link known} is related to this one. Asks the cloud only where the keys differ. */
  readonly kinTo: (text: string) => Effect.Effect<Kinship>
  /**
   * A short code of a text, which only who has this key can make: names something by a secret in it. Twelve hexadecimal
   * digits: without the key nothing can be tried against them.
   */
  readonly codeOf: (text: string) => string
  /** Takes the cloud's word for it out of an answer that was asked for something else. */
  readonly learn: (id: string) => void
}

/** How an account is distinguished from others. */
export interface AccountSource {
  readonly provider: string
  /** Only a fingerprint of it is kept. */
  readonly apiKey: string
  /** Asks the cloud for what identifies the account for ever, where a document says how. One quick request. */
  readonly identify?: Effect.Effect<string, GpuError>
}

/**
 * A fingerprint of a key: 12 hexadecimal digits of the SHA-256 of it and the cloud's name.
 *
 * - Enough to distinguish two keys, and far too little to find a key by.
 */
const fingerprintOf = (provider: string, apiKey: string): string =>
  bytesToHex(sha256(utf8ToBytes(`anygpu account ${provider}\n${apiKey}`))).slice(0, 12)

/** The cloud's own word for an account that is written down; null when only its keys are known. */
export const accountId = (text: string): string | null => accountParts(text).id

/** Whether asking again can only bring the same refusal. */
const isFinal = ({ retry }: GpuError): boolean => retry === "permanent"

/**
 * How the account of one key is found.
 *
 * - One key is one account. Two keys are one account when the cloud says so, and are not known to be otherwise.
 * - A cloud that cannot be asked, or has no such word, leaves it at the key: nothing is guessed.
 */
export const makeAccount = ({ provider, apiKey, identify }: AccountSource): Account => {
  const key = fingerprintOf(provider, apiKey)
  let id: string | null = null
  let refused: GpuError | null = null
  const ask = identify && coalesce(identify)

  /** The cloud's word; what it failed with, or null where there is nobody to ask. */
  const identity: Effect.Effect<string | GpuError | null> = Effect.suspend(() => {
    if (id !== null || ask === undefined) return Effect.succeed(id)
    if (refused !== null) return Effect.succeed(refused)
    return Effect.match(ask, {
      onSuccess: (answer): string => {
        id = answer
        return answer
      },
      onFailure: (error): GpuError => {
        if (isFinal(error)) refused = error
        return error
      }
    })
  })

  /**
   * The last text that was found to be of this key: most machines have the same, and reading them must cost nothing.
   */
  let own: string | undefined
  const isOfKey = (text = ""): boolean => {
    if (text === own) return true
    if (!accountParts(text).keys.includes(key)) return false
    own = text
    return true
  }

  const kinTo = Effect.fnUntraced(function* (text: string): Effect.fn.Return<Kinship> {
    if (isOfKey(text)) return { is: "same" }
    const theirs = accountId(text)
    if (theirs === null) return { is: "unsure", because: "only its key is known, which is another one" }
    const mine = yield* identity
    if (mine === null) return { is: "unsure", because: `${provider} does not say to which account a key belongs` }
    if (typeof mine !== "string") return { is: "unsure", because: mine.message }
    return { is: mine === theirs ? "same" : "other" }
  })

  return {
    known: () => accountText({ id, keys: [key] }),
    isOfKey,
    asked: Effect.map(identity, () => accountText({ id, keys: [key] })),
    kinTo,
    codeOf: (text) => bytesToHex(hmac(sha256, utf8ToBytes(apiKey), utf8ToBytes(text))).slice(0, 12),
    learn: (word) => {
      id = word
    }
  }
}
