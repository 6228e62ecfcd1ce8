import { thrownBy } from "../caller-frame.ts"
import type { Cloud, CloudWithoutKey } from "../contract/provider.ts"
import { argument, isFields, optional, present, type Shape, text, unknownNames, whatIs } from "../contract/shape.ts"
import {
  accountNamePattern,
  type CloudDescription,
  type CloudKey,
  type Environment,
  keyIn,
  keyOfAccount
} from "../describe-cloud.ts"
import { InvalidRequest, type Issue } from "../errors.ts"
import { baseUrlProblem } from "./base-url.ts"

/** Where `fromEnv` looks. */
export interface FromEnv {
  /** `process.env` by default; in a worker, which has no such thing, the variables that it was handed. */
  readonly env?: Environment
}

/** What every factory takes. */
export interface CommonOptions {
  /**
   * What the account is called, where a client has several of one cloud: a small letter, then small letters, digits and `-`.
   *
   * - The ledger keeps which account a name means: the key of another one is refused under it.
   */
  readonly account?: string
}

/** The function that users call for a cloud, and the same with its keys from the environment. */
export interface CloudFactory<Options extends object, C extends Cloud, Keys extends string = "apiKey"> {
  /** Throws `InvalidRequest` for a key that is missing or empty, and for an option that there is not. */
  (options: Options & CommonOptions): C
  /**
   * The cloud with each of its keys from the first of the key's variables that is set; without one of them it is a
   * {@link CloudWithoutKey}, which `createGpu` leaves out.
   *
   * - A variable that is empty counts as missing. With `account: "team"` they are `VAST_API_KEY_TEAM` and so on.
   * - Throws `InvalidRequest` for an option that there is not.
   */
  fromEnv(options?: Omit<Options, Keys> & CommonOptions & FromEnv): C | CloudWithoutKey<C["name"]>
}

/** A cloud as its factory is made of it. */
export interface FactoryDefinition<Options extends object, C extends Cloud, Keys extends string = "apiKey"> {
  /** The cloud as it describes itself: its name, and its keys. */
  readonly described: Pick<CloudDescription<C["name"]>, "name" | "keys">
  /** Every option besides the keys, and what its value looks like. */
  readonly options: { readonly [Name in Exclude<keyof Required<Options>, Keys>]: Shape }
  /** Opens the cloud by options that were checked; the keys are trimmed. */
  readonly open: (options: Options) => C
}

/** The address of an API: https, or http to this very machine, without credentials, query or fragment. */
export const address: Shape = (path, value) => {
  const misshapen = text(path, value)
  const problem = typeof value === "string" ? baseUrlProblem(value) : null
  return problem === null ? misshapen : [{ path, problem }]
}

const accountName: Shape = (path, value) => {
  const misshapen = text(path, value)
  return misshapen.length > 0 || accountNamePattern.test(String(value))
    ? misshapen
    : [{ path, problem: "is no name of an account: use a small letter, then small letters, digits and -" }]
}

const environment: Shape = (path, value) =>
  isFields(value) || typeof value === "object" ? [] : [{ path, problem: `must be process.env, not ${whatIs(value)}` }]

const processEnv = (): Environment =>
  (globalThis as { readonly process?: { readonly env?: Environment } }).process?.env ?? {}

/** A key without the space around it; empty for what no header can carry, such as two lines. */
const keyText = (key: unknown): string => {
  const text = typeof key === "string" ? key.trim() : ""
  return /^[ -~]*$/.test(text) ? text : ""
}

/** Refuses options that are wrong: what is misspelt would send requests elsewhere, or with less than was asked for. */
const refuse = (call: (...args: never[]) => unknown, issues: ReadonlyArray<Issue>): void => {
  if (issues.length > 0) throw thrownBy(call, InvalidRequest.all(issues))
}

/** What is wrong with the value of one key, which is not shown. */
const keyIssues = (name: string, { option, variables: [variable], from }: CloudKey, given: unknown): Issue[] =>
  keyText(given) !== ""
    ? []
    : [
        {
          path: option,
          problem: `is ${given === undefined ? "missing" : "no key"}: ${from}, and pass it, or set ${variable} and call ${name}.fromEnv()`
        }
      ]

/**
 * Makes the function that users call for a cloud: one rule for the keys and options of all adapters.
 *
 * - A key (`apiKey`, or each of several) that is missing, empty or no text of a header: `InvalidRequest` that names the
 *   variable and says where a key comes from. The key is never shown, whatever it was given as.
 * - An option that there is not is `InvalidRequest` with the options there are and the nearest. One that is undefined
 *   counts as absent.
 */
export const cloudFactory = <Options extends object, C extends Cloud, Keys extends string = "apiKey">({
  described: { name, keys },
  options: shapes,
  open
}: FactoryDefinition<Options, C, Keys>): CloudFactory<Options, C, Keys> => {
  const others = Object.fromEntries(
    Object.entries({ ...(shapes as Readonly<Record<string, Shape>>), account: accountName }).map(([option, shape]) => [
      option,
      optional(shape)
    ])
  )
  const known: ReadonlyArray<string> = [...keys.map(({ option }) => option), ...Object.keys(others)]
  const issuesIn = (given: Readonly<Record<string, unknown>>, names: ReadonlyArray<string>): ReadonlyArray<Issue> => [
    ...unknownNames(Object.keys(given), names),
    ...Object.entries(others).flatMap(([option, shape]) => shape(option, given[option]))
  ]
  const makeBy = (call: (...args: never[]) => unknown, options: Options & CommonOptions): C => {
    const given = present(options ?? {})
    const fields = isFields(given) ? given : {}
    refuse(call, [
      ...(isFields(given)
        ? issuesIn(given, known)
        : [{ path: "options", problem: `must be an object, not ${whatIs(given)}` }]),
      ...keys.flatMap((key) => keyIssues(name, key, fields[key.option]))
    ])
    const trimmed = Object.fromEntries(keys.map(({ option }) => [option, keyText(fields[option])]))
    const { account, ...rest } = fields
    const cloud = open({ ...(rest as unknown as Options), ...trimmed })
    return typeof account === "string" ? { ...cloud, account } : cloud
  }
  const fromEnv: CloudFactory<Options, C, Keys>["fromEnv"] = (options) => {
    const given = present(options ?? {})
    refuse(fromEnv, argument({ ...others, env: optional(environment) })("options", given))
    const { env = processEnv(), ...rest } = given as FromEnv
    const { account } = rest as CommonOptions
    const own = keys.map((key) => keyOfAccount(key, account))
    const values = own.map((key) => ({ key, value: keyIn(env, key) }))
    const lacking = values.find(({ value }) => value === undefined)
    if (lacking) return { name, lacks: lacking.key.variables[0], ...(account !== undefined && { account }) }
    const found = Object.fromEntries(values.map(({ key, value }) => [key.option, value]))
    return makeBy(fromEnv, { ...rest, ...found } as unknown as Options)
  }
  const make = (options: Options & CommonOptions): C => makeBy(make, options)
  return Object.assign(make, { fromEnv })
}
