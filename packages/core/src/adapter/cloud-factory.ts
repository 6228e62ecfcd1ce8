import { thrownBy } from "../caller-frame.ts"
import type { Cloud, CloudWithoutKey } from "../contract/provider.ts"
import { argument, isFields, optional, present, type Shape, text, unknownNames, whatIs } from "../contract/shape.ts"
import { type CloudDescription, type Environment, keyIn } from "../describe-cloud.ts"
import { InvalidRequest, type Issue } from "../errors.ts"
import { baseUrlProblem } from "./base-url.ts"

/** Where `fromEnv` looks. */
export interface FromEnv {
  /** `process.env` by default; in a worker, which has no such thing, the variables that it was handed. */
  readonly env?: Environment
}

/** What every adapter's factory takes. */
interface KeyOptions {
  readonly apiKey: string
}

/** The function that users call for a cloud, and the same with the key from the environment. */
export interface CloudFactory<Options extends KeyOptions, C extends Cloud> {
  /** Throws `InvalidRequest` for a key that is missing or empty, and for an option that there is not. */
  (options: Options): C
  /**
   * The cloud with the key of the first of its variables that is set; without one it is a {@link CloudWithoutKey}, which `createGpu` leaves out.
   *
   * - A variable that is empty counts as missing.
   * - Throws `InvalidRequest` for an option that there is not.
   */
  fromEnv(options?: Omit<Options, "apiKey"> & FromEnv): C | CloudWithoutKey<C["name"]>
}

/** A cloud as its factory is made of it. */
export interface FactoryDefinition<Options extends KeyOptions, C extends Cloud> {
  /** The cloud as it describes itself: its name, and its key. */
  readonly described: Pick<CloudDescription<C["name"]>, "name" | "keys">
  /** Every option besides `apiKey`, and what its value looks like. */
  readonly options: { readonly [Name in Exclude<keyof Required<Options>, "apiKey">]: Shape }
  /** Opens the cloud by options that were checked; the key is trimmed. */
  readonly open: (options: Options) => C
}

/** The address of an API: https, or http to this very machine, without credentials, query or fragment. */
export const address: Shape = (path, value) => {
  const misshapen = text(path, value)
  const problem = typeof value === "string" ? baseUrlProblem(value) : null
  return problem === null ? misshapen : [{ path, problem }]
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

/**
 * Makes the function that users call for a cloud: one rule for the keys and options of all adapters.
 *
 * - `apiKey` missing, empty or no text of a header: `InvalidRequest` that names the variable and says where a key comes from. The key
 *   is never shown, whatever it was given as.
 * - An option that there is not is `InvalidRequest` with the options there are and the nearest. One that is undefined
 *   counts as absent.
 */
export const cloudFactory = <Options extends KeyOptions, C extends Cloud>({
  described: {
    name,
    keys: [key]
  },
  options: shapes,
  open
}: FactoryDefinition<Options, C>): CloudFactory<Options, C> => {
  const {
    variables: [variable],
    from
  } = key
  const known: ReadonlyArray<string> = ["apiKey", ...Object.keys(shapes)]
  const others = Object.fromEntries(
    Object.entries(shapes as Readonly<Record<string, Shape>>).map(([option, shape]) => [option, optional(shape)])
  )
  const issuesIn = (given: Readonly<Record<string, unknown>>, names: ReadonlyArray<string>): ReadonlyArray<Issue> => [
    ...unknownNames(Object.keys(given), names),
    ...Object.entries(others).flatMap(([option, shape]) => shape(option, given[option]))
  ]
  const makeBy = (call: (...args: never[]) => unknown, options: Options): C => {
    const given = present(options ?? {})
    const fields = isFields(given) ? given : {}
    const apiKey = keyText(fields["apiKey"])
    const problem = `is ${fields["apiKey"] === undefined ? "missing" : "no key"}: ${from}, and pass it, or set ${variable} and call ${name}.fromEnv()`
    refuse(call, [
      ...(isFields(given)
        ? issuesIn(given, known)
        : [{ path: "options", problem: `must be an object, not ${whatIs(given)}` }]),
      ...(apiKey === "" ? [{ path: "apiKey", problem }] : [])
    ])
    return open({ ...(fields as unknown as Options), apiKey })
  }
  const fromEnv: CloudFactory<Options, C>["fromEnv"] = (options) => {
    const given = present(options ?? {})
    refuse(fromEnv, argument({ ...others, env: optional(environment) })("options", given))
    const { env = processEnv(), ...rest } = given as FromEnv
    const apiKey = keyIn(env, key)
    return apiKey === undefined
      ? { name, lacks: variable }
      : makeBy(fromEnv, { ...(rest as Omit<Options, "apiKey">), apiKey } as Options)
  }
  const make = (options: Options): C => makeBy(make, options)
  return Object.assign(make, { fromEnv })
}
