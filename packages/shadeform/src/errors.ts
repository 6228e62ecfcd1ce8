import { type Refusal, refusals, usualRefusals } from "@anygpu/core/adapter"

/**
 * What Shadeform's refusals mean, the first row that fits; what no row knows is judged by its status.
 *
 * - Its document declares no error. `error_code` comes first: a 409 is no capacity, or no funds, or something else.
 * - How it says that something does not exist is not documented: words under its own names, never a bare 404.
 *
 * Source: Shadeform docs, authentication; answers that users of its API have published.
 */
const rules: ReadonlyArray<Refusal> = [
  {
    words: /^OUT_OF_STOCK$/,
    under: ["error_code"],
    is: "NoCapacity",
    advice: "take an offer of another region, type or cloud: availability is no reservation"
  },
  {
    words: /^INSUFFICIENT_FUNDS$/,
    under: ["error_code"],
    is: "OutOfFunds",
    advice: "top up the wallet in Shadeform's platform: a launch needs a balance of $5"
  },
  {
    words: /name must be unique/i,
    operations: ["addSshKey"],
    is: "Conflict",
    retry: "permanent",
    advice: "give the key another name"
  },
  {
    statuses: [404],
    words: /\bnot[ _-]?found\b|\bdo(?:es)?(?: not|n't) exist\b|\bno such\b/i,
    under: ["error_code", "error", "message"],
    is: "NotFound",
    advice: "it does not exist, or no longer"
  },
  ...usualRefusals
]

export const classify = refusals({ cloud: "Shadeform", rules })
