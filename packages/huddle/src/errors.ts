import { money } from "@anygpu/core"
import { type Refusal, type RefusalDetails, refusals } from "@anygpu/core/adapter"

/** The two amounts of the one refusal that names two, to be shown: the lower is what there is, the higher what it takes. */
const amountsIn = (words: string): RefusalDetails => {
  const amounts = [...words.matchAll(/\$(\d[\d,]*(?:\.\d+)?)/g)].map(([, digits = "0"]) =>
    money(digits.replaceAll(",", ""))
  )
  const [available, needed] = amounts.sort((a, b) => a.micros - b.micros)
  return amounts.length === 2 ? { available, needed } : {}
}

/**
 * What a status or code means here beyond what a status means everywhere. The words never decide, as the documents show one
 * text for every failure: so the usual words of other clouds are no rows here.
 *
 * Source: Huddle01 docs, Deployments: error handling; GPU billing; get-hudl's codes of its other surfaces.
 */
const rules: ReadonlyArray<Refusal> = [
  {
    statuses: [401],
    is: "Unauthenticated",
    advice: "check the API key: it must be one of the GPU console, and those of the CPU cloud look the same"
  },
  {
    statuses: [402],
    is: "OutOfFunds",
    details: amountsIn,
    advice: "add GPU credits, which are separate from platform credits: a deploy needs $20"
  },
  {
    statuses: [404, 410],
    words: /^NOT_FOUND$/,
    under: ["code"],
    is: "NotFound",
    advice: "it does not exist, or no longer"
  },
  {
    statuses: [409],
    operations: ["deploy"],
    is: "NoCapacity",
    advice: "no such machine is free: take an offer of another place or type"
  },
  {
    statuses: [400, 409],
    operations: ["deleteDeployment"],
    is: "Conflict",
    advice: "it cannot be ended in its present state, such as while it is provisioned: try again later"
  }
]

/**
 * What an answer of Huddle01 means when it is an error; null leaves the decision to its status.
 *
 * - 402 `INSUFFICIENT_CREDITS`, 409 on deploy no capacity. Source: Huddle01 docs, Deployments: error handling.
 * - What a delete answers while a machine is provisioned is not documented: a refusal of it is a `Conflict`.
 * - Only Huddle01's code `NOT_FOUND` suggests absence. It proves nothing: core checks
 *   it against the list. A 404 or 410 without it says nothing about a machine.
 */
export const classify = refusals({ cloud: "Huddle01", rules })
