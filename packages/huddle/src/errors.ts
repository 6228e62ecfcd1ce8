import {
  Conflict,
  type ErrorFields,
  type GpuError,
  money,
  NoCapacity,
  NotFound,
  OutOfFunds,
  Unauthenticated
} from "@anygpu/core"
import type { Answer } from "@anygpu/core/adapter"
import * as z from "zod"

const said = z.string().nullish().catch(undefined)

/** `{ code, error }`; a field of another type says nothing, and never hides the other. */
const Body = z.object({ code: said, error: said })

interface Rule {
  readonly statuses: ReadonlyArray<number>
  readonly operation?: string
  /** Only with this code. */
  readonly code?: string
  readonly make: (fields: ErrorFields, words: string) => GpuError
  readonly retry: ErrorFields["retry"]
  readonly advice: string
}

/** The two amounts of the one refusal that names two, to be shown: the lower is what there is, the higher what it takes. */
const amountsIn = (words: string) => {
  const amounts = [...words.matchAll(/\$(\d[\d,]*(?:\.\d+)?)/g)].map(([, digits = "0"]) =>
    money(digits.replaceAll(",", ""))
  )
  const [available, needed] = amounts.sort((a, b) => a.micros - b.micros)
  return amounts.length === 2 ? { available, needed } : {}
}

/** What a status means here beyond what it means everywhere; the first rule that fits wins. The words never decide. */
const rules: ReadonlyArray<Rule> = [
  {
    statuses: [401],
    make: (fields) => new Unauthenticated(fields),
    retry: "permanent",
    advice: "check the API key: it must be one of the GPU console, and those of the CPU cloud look the same"
  },
  {
    statuses: [402],
    make: (fields, words) => new OutOfFunds({ ...fields, ...amountsIn(words) }),
    retry: "permanent",
    advice: "add GPU credits, which are separate from platform credits: a deploy needs $20"
  },
  {
    statuses: [404, 410],
    code: "NOT_FOUND",
    make: (fields) => new NotFound(fields),
    retry: "permanent",
    advice: "it does not exist, or no longer"
  },
  {
    statuses: [409],
    operation: "deploy",
    make: (fields) => new NoCapacity(fields),
    retry: "permanent",
    advice: "no such machine is free: take an offer of another place or type"
  },
  {
    statuses: [400, 409],
    operation: "deleteDeployment",
    make: (fields) => new Conflict(fields),
    retry: "temporary",
    advice: "it cannot be ended in its present state, such as while it is provisioned: try again later"
  }
]

/**
 * What an answer of Huddle01 means when it is an error; null leaves the decision to its status.
 *
 * - 402 `INSUFFICIENT_CREDITS`, 409 on deploy no capacity. Source: Huddle01 docs, Deployments: error handling.
 * - What a delete answers while a machine is provisioned is not documented: a refusal of it is a `Conflict`.
 * - Absence is Huddle01's to tell, by its code `NOT_FOUND`, which suggests that a machine is gone and no more: core holds
 *   it against the list. A 404 or 410 without it says nothing about a machine.
 */
export const classify = (answer: Answer): GpuError | null => {
  const { status, operation } = answer
  const { code, error } = Body.safeParse(answer.json).data ?? {}
  const rule = rules.find(
    (candidate) =>
      candidate.statuses.includes(status) &&
      (candidate.operation ?? operation) === operation &&
      (candidate.code === undefined || candidate.code === code)
  )
  if (!rule) return null
  const words = (error || code || "").slice(0, 300).trim()
  const message = `${operation}: Huddle01 answered ${status}${words && ` (${words})`}: ${rule.advice}`
  return rule.make({ message, retry: rule.retry }, words)
}
