import {
  InvalidRequest as Invalid,
  type InvalidRequest,
  type Issue,
  type LaunchOptions,
  type RegistryLogin,
  redactedOptions,
  shape
} from "@anygpu/core"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Filters } from "../compare/request.ts"
import type { LaunchLimits, LaunchRequest } from "../placement/request.ts"
import { checkRequest } from "../placement/request-check.ts"

/** The name of a secret that keepers have; its value is in no ledger and no job. */
export interface NamedSecret {
  readonly secret: string
}

/** What an order runs: as in a launch, with the names of secrets in place of their values. */
export interface OrderedWorkload extends Omit<Partial<LaunchOptions>, "env" | "registry" | "onStart"> {
  /** A text that is no secret has to be named in `notSecret`. */
  readonly env?: Readonly<Record<string, string | NamedSecret>>
  readonly onStart?: string | NamedSecret
  readonly registry?: Omit<RegistryLogin, "password"> & { readonly password: NamedSecret }
}

/** What an order says of itself, beside what it is for. */
export interface OrderTerms {
  readonly workload?: OrderedWorkload
  /** What fits: the market is looked at when a keeper comes to it. */
  readonly candidates?: Filters
  /** Only on these clouds; on all that the keeper has when absent. */
  readonly clouds?: ReadonlyArray<string>
  /**
   * What of the workload is no secret and may be kept in the ledger as it is written: names of variables, `"command"`,
   * `"onStart"`, `"description"`. Any other text in those places is refused.
   */
  readonly notSecret?: ReadonlyArray<string>
}

/** What a keeper cannot do, or nobody is there for. */
type NotOrdered = "workload" | "candidates" | "adapt" | "onProgress" | "strategy" | "ssh" | "verify" | "ttl" | "limits"

/**
 * A launch that a keeper makes later.
 *
 * - `waitForCapacity`: for how long it is tried, from now on; an hour when absent.
 * - `ttl` and a limit of money (`limits.maxPerHour` or `limits.maxTotal`) are needed: it is made while nobody looks.
 */
export interface OrderRequest extends Omit<LaunchRequest, NotOrdered>, OrderTerms {
  readonly ttl: Duration.Input
  readonly limits: LaunchLimits
}

/** Whether a value is the name of a secret. */
const isNamedSecret = (value: unknown): value is NamedSecret =>
  shape.isFields(value) && typeof value["secret"] === "string" && Object.keys(value).length === 1

/** Whether a text can be the name of a secret: of a variable, and of a file that is in no other folder. */
export const isSecretName = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(name)

const nameProblem = (secret: string): string | null =>
  isSecretName(secret) ? null : "is not the name of a secret: use up to 100 letters, digits and underscores"

/** What is wrong with a text that may be a secret. */
const textIssues = (
  path: string,
  name: string,
  value: unknown,
  notSecret: ReadonlyArray<string>
): ReadonlyArray<Issue> => {
  if (isNamedSecret(value)) {
    const problem = nameProblem(value.secret)
    return problem === null ? [] : [{ path, problem }]
  }
  if (value === undefined || notSecret.includes(name)) return []
  const problem = `would be kept in the ledger, which holds no secret: give the name of one that the keeper has, or name "${name}" in notSecret if it is harmless`
  return [{ path, problem }]
}

const withLogin = (workload: OrderedWorkload): ReadonlyArray<Issue> =>
  (["image", "os"] as const).flatMap((option) => {
    const text = workload[option]
    if (typeof text !== "string" || redactedOptions({ [option]: text })[option] === text) return []
    return [
      { path: option, problem: "holds a login or a query, which the ledger does not keep: give the login as registry" }
    ]
  })

/** What of a workload the ledger does not keep. */
const secretIssues = (workload: OrderedWorkload, notSecret: ReadonlyArray<string> = []): ReadonlyArray<Issue> => {
  const { env = {}, command, onStart, description, registry } = workload
  return [
    ...Object.entries(env).flatMap(([name, value]) => textIssues(`env.${name}`, name, value, notSecret)),
    ...Object.entries({ command, onStart, description }).flatMap(([name, value]) =>
      textIssues(name, name, value, notSecret)
    ),
    ...(registry === undefined || isNamedSecret(registry.password)
      ? textIssues("registry.password", "registry", registry?.password, [])
      : [{ path: "registry.password", problem: "must be the name of a secret that the keeper has" }]),
    ...withLogin(workload)
  ]
}

/** The values of secrets, by their names. */
export type SecretValues = Readonly<Record<string, string>>

/** The names of the secrets of a workload, each once. */
export const secretNamesOf = ({ env = {}, onStart, registry }: OrderedWorkload): ReadonlyArray<string> => [
  ...new Set(
    [...Object.values(env), onStart, registry?.password].flatMap((value) =>
      isNamedSecret(value) ? [value.secret] : []
    )
  )
]

/** The workload with the values of its secrets. */
export const withSecrets = (workload: OrderedWorkload, values: SecretValues): Partial<LaunchOptions> => {
  const textOf = (value: string | NamedSecret): string => (isNamedSecret(value) ? (values[value.secret] ?? "") : value)
  const { env, onStart, registry, ...rest } = workload
  return {
    ...rest,
    ...(env && { env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, textOf(value)])) }),
    ...(onStart !== undefined && { onStart: textOf(onStart) }),
    ...(registry && { registry: { ...registry, password: textOf(registry.password) } })
  }
}

/** A value for each secret, for checks: what it is says only a keeper. */
export const anyValues = (workload: OrderedWorkload): SecretValues =>
  Object.fromEntries(secretNamesOf(workload).map((name) => [name, "x"]))

const termsShape: Readonly<Record<string, shape.Shape>> = {
  clouds: shape.optional(shape.texts),
  notSecret: shape.optional(shape.texts)
}

const notOrdered: Readonly<Record<string, string>> = {
  adapt: "is a function, which no ledger keeps: leave it out",
  onProgress: "is a function, which no ledger keeps: leave it out",
  verify: "needs a login, and a keeper has none: leave it out",
  ssh: "needs a login, and a keeper has none: leave it out",
  strategy: "is of a launch that is made at once: leave it out"
}

/** What is wrong with the terms of an order, whatever it is for. */
export const termIssues = (given: Readonly<Record<string, unknown>>): ReadonlyArray<Issue> => {
  const misshapen = Object.entries(termsShape).flatMap(([path, check]) => check(path, given[path]))
  const { workload, notSecret } = given as OrderTerms
  return [
    ...Object.entries(notOrdered).flatMap(([path, problem]) => (given[path] === undefined ? [] : [{ path, problem }])),
    ...misshapen,
    ...(misshapen.length === 0 && shape.isFields(workload) ? secretIssues(workload, notSecret) : []),
    ...(given["candidates"] !== undefined &&
    typeof given["candidates"] === "object" &&
    Symbol.iterator in (given["candidates"] ?? {})
      ? [{ path: "candidates", problem: "must be what to compare: the market is looked at when a keeper comes to it" }]
      : [])
  ]
}

/** The launch of an order, with the values of its secrets. */
export const launchOf = (request: OrderRequest, values: SecretValues): LaunchRequest => {
  const { clouds: _, notSecret: __, workload, ...own } = request
  return { ...own, ...(workload && { workload: withSecrets(workload, values) }) }
}

/** Refuses an order that no keeper could make, before it is written. */
export const checkOrder = (request: OrderRequest): Effect.Effect<void, InvalidRequest> => {
  const given: unknown = request
  if (!shape.isFields(given)) {
    return Effect.fail(Invalid.of("request", `must be an object, not ${shape.whatIs(given)}`))
  }
  const { limits, ttl, workload = {} } = request
  const issues: Issue[] = [...termIssues(given)]
  if (ttl === undefined) {
    issues.push({ path: "ttl", problem: "is missing: a keeper launches while nobody looks, say for how long" })
  }
  if (!limits?.maxPerHour && !limits?.maxTotal) {
    const problem = "is missing, and maxTotal too: a keeper launches while nobody looks, say how much it may cost"
    issues.push({ path: "limits.maxPerHour", problem })
  }
  if (issues.length > 0) return Effect.fail(Invalid.all(issues))
  return Effect.asVoid(checkRequest(launchOf(request, anyValues(workload)), null))
}
