import type * as z from "zod"
import type { Fetch } from "./adapter/fetch-transport.ts"
import type { Transport } from "./adapter/transport.ts"
import type { Cloud } from "./contract/provider.ts"

/** One secret that a cloud's factory takes. */
export interface CloudKey {
  /** The name of the factory's option: `apiKey`. */
  readonly option: string
  /** The variables of the environment that hold it; the first one that is set counts, and is named to people. */
  readonly variables: readonly [first: string, ...others: ReadonlyArray<string>]
  /** How people get one, as a part of a sentence: "make one in the Vast console". */
  readonly from: string
}

/** Variables by their names, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What an environment holds of a key, in the first of its variables that is set to more than blanks; undefined for nothing. */
export const keyIn = (env: Environment, { variables }: Pick<CloudKey, "variables">): string | undefined => {
  const values = variables.map((name): unknown => env[name])
  return values.map((value) => (typeof value === "string" ? value.trim() : "")).find((value) => value !== "")
}

/** The variable that holds a key of a named account: `VAST_API_KEY_TEAM` for `VAST_API_KEY` and `team`. */
export const accountVariable = (variable: string, account: string | undefined): string =>
  account === undefined ? variable : `${variable}_${account.toUpperCase().replaceAll("-", "_")}`

/** A key as the environment has it for a named account; the key itself without a name. */
export const keyOfAccount = <Key extends Pick<CloudKey, "variables">>(key: Key, account: string | undefined): Key => {
  const [first, ...others] = key.variables
  return {
    ...key,
    variables: [accountVariable(first, account), ...others.map((variable) => accountVariable(variable, account))]
  }
}

/** What can be the name of an account: it is a part of variables, and of options of the command. */
export const accountNamePattern = /^[a-z][a-z0-9-]{0,30}$/

/** The values of a cloud's keys, by the names of the factory's options. */
export type KeyValues = Readonly<Record<string, string>>

/** How a cloud is reached, where it is not as usual. */
export interface CloudAccess {
  /** Of every API that the cloud has; its own addresses when absent. */
  readonly baseUrl?: string | undefined
  /** Sends the requests instead of the usual transport: a simulator, a recorder. */
  readonly fetch?: Fetch | undefined
  /** What the account is called, where several of the cloud are used: a small letter, then small letters, digits and `-`. */
  readonly account?: string | undefined
}

/** What one sort of a cloud's answers may hold, as far as its adapter and its documents know. */
export interface Vocabulary {
  /** GET when absent. */
  readonly method?: "POST"
  /** Of the request, without the base URL. */
  readonly path: RegExp
  /** The fields that the adapter reads. */
  readonly schema: z.ZodType
  /** The names of fields that the cloud documents, or is known to send, and that the adapter has no use for, with blanks between. */
  readonly unused: string
  /** Words that the adapter gives a meaning, by the path of their field; compared without case. */
  readonly words?: Readonly<Record<string, ReadonlyArray<string | boolean | null>>>
}

/** What the documentation says of a cloud besides what its code says itself. */
export interface CloudNotes {
  /** The kinds that its tour on the simulator uses, for people: "every kind". */
  readonly toured: string
  /** What people should know before they read the endpoints. */
  readonly endpoints?: string
}

/**
 * A cloud as it describes itself: all that programs need to know of it before they load its adapter.
 *
 * - Reading it loads nothing: `open` and `vocabulary` load the adapter.
 */
export interface CloudDescription<Name extends string = string> {
  /** The name in refs and options: `vast`. */
  readonly name: Name
  /** The name for people: `Vast.ai`. */
  readonly title: string
  readonly keys: readonly [CloudKey, ...ReadonlyArray<CloudKey>]
  /** How it writes the ids of machines and offers, where they are `numbers`; absent for any other way. */
  readonly ids?: "numbers"
  readonly notes: CloudNotes
  /**
   * Opens an account.
   *
   * - Rejects with `InvalidRequest` for a key or an address that cannot be one. Nothing is sent.
   */
  open(keys: KeyValues, access?: CloudAccess): Promise<Cloud>
  /** What the cloud's answers may hold: for checks of whether it sends something new. */
  vocabulary(): Promise<ReadonlyArray<Vocabulary>>
}

/** What an adapter says of its cloud; see {@link describeCloud}. */
export interface CloudDefinition<Name extends string, Keys extends CloudDescription["keys"]>
  extends Omit<CloudDescription<Name>, "keys" | "open"> {
  readonly keys: Keys
  /** Makes the cloud from its keys, by the adapter's factory; called with what was given, and with nothing else. */
  readonly open: (
    keys: Readonly<Record<Keys[number]["option"], string>>,
    access: { readonly baseUrl?: string; readonly transport?: Transport; readonly account?: string }
  ) => Promise<Cloud>
}

/**
 * Describes a cloud, once, for all that goes over the list of clouds: the command, its completion, prompts, checks, the
 * documentation, tests.
 *
 * - Write it in a file of its own that loads the adapter only in `open` and `vocabulary`.
 *
 * @example
 * ```ts
 * import { describeCloud } from "@anygpu/core/cloud"
 *
 * export const cloud = describeCloud({
 *   name: "vast",
 *   title: "Vast.ai",
 *   keys: [{ option: "apiKey", variables: ["VAST_API_KEY"], from: "make one in the Vast console" }],
 *   notes: { toured: "containers" },
 *   open: async ({ apiKey }, access) => (await import("@anygpu/vast")).vast({ apiKey, ...access }),
 *   vocabulary: async () => []
 * })
 * ```
 */
export const describeCloud = <const Name extends string, const Keys extends CloudDescription["keys"]>({
  open,
  ...described
}: CloudDefinition<Name, Keys>): CloudDescription<Name> => ({
  ...described,
  open: async (given, { baseUrl, fetch, account } = {}) => {
    const keys = Object.fromEntries(described.keys.map(({ option }) => [option, given[option] ?? ""]))
    const { fetchTransport } = await import("./adapter/fetch-transport.ts")
    return open(keys as Readonly<Record<Keys[number]["option"], string>>, {
      ...(baseUrl && { baseUrl }),
      ...(account !== undefined && { account }),
      ...(fetch && { transport: fetchTransport(fetch) })
    })
  }
})
