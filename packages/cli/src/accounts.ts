import { accountNamePattern, type Environment, type KeyValues, keyIn, keyOfAccount } from "@anygpu/clouds"
import type { Config } from "./config.ts"
import { builtIn, cloudNames, entryOf } from "./known.ts"
import { Usage } from "./own-errors.ts"

/** An account of a cloud that has a name, and its keys. */
export interface AccountKeys {
  readonly cloud: string
  readonly name: string
  readonly keys: KeyValues
}

/** What ends a variable by custom that is no name: a file with the key. */
const notNames = ["file"]

/** The names that variables of a key end in: `team` for `VAST_API_KEY_TEAM`. */
const namesIn = (env: Environment, variables: ReadonlyArray<string>): ReadonlyArray<string> =>
  Object.keys(env).flatMap((variable) => {
    const base = variables.find((one) => variable.startsWith(`${one}_`))
    const name = base === undefined ? "" : variable.slice(base.length + 1)
    const isName = /^[A-Z0-9_]+$/.test(name)
    return isName ? [name.toLowerCase().replaceAll("_", "-")] : []
  })

const inConfig = (
  cloud: string,
  config: Config
): Readonly<Record<string, Readonly<Record<string, string | undefined>>>> =>
  (entryOf(cloud, config)["accounts"] ?? {}) as Readonly<Record<string, Readonly<Record<string, string | undefined>>>>

/**
 * The accounts that have names: by the ends of their variables (`VAST_API_KEY_TEAM` is `team`), else in the config file.
 *
 * - Only those whose keys are all there. An adapter of the config file has one account.
 */
export const findAccounts = (env: Environment, config: Config): ReadonlyArray<AccountKeys> =>
  cloudNames.flatMap((cloud) => {
    const keys = builtIn(cloud)?.keys ?? []
    const kept = inConfig(cloud, config)
    const names = new Set([
      ...namesIn(
        env,
        keys.flatMap(({ variables }) => variables)
      ),
      ...Object.keys(kept)
    ])
    return [...names]
      .filter((name) => accountNamePattern.test(name) && !notNames.includes(name))
      .sort()
      .flatMap((name): ReadonlyArray<AccountKeys> => {
        const values = keys.flatMap((key) => {
          const value = keyIn(env, keyOfAccount(key, name)) ?? kept[name]?.[key.option]?.trim()
          return value ? [[key.option, value] as const] : []
        })
        return values.length === keys.length ? [{ cloud, name, keys: Object.fromEntries(values) }] : []
      })
  })

/** The accounts that `--account` names, of the chosen clouds; `Usage` for a name that none has. */
export const chosenAccounts = (
  all: ReadonlyArray<AccountKeys>,
  clouds: ReadonlyArray<string>,
  named: ReadonlyArray<string> | null
): ReadonlyArray<AccountKeys> => {
  const there = all.filter(({ cloud }) => clouds.includes(cloud))
  const stranger = named?.find((name) => !there.some((one) => one.name === name))
  if (stranger === undefined) return there.filter(({ name }) => named?.includes(name) ?? true)
  const names = [...new Set(there.map(({ name }) => name))]
  const allowed = names.length === 0 ? "none has a name here" : `there are ${names.join(", ")}`
  const [variable] = clouds
    .flatMap((cloud) => builtIn(cloud)?.keys ?? [])
    .flatMap((key) => keyOfAccount(key, stranger).variables)
  const way = variable === undefined ? "" : ` Its key goes into ${variable}, say.`
  throw new Usage(`--account: "${stranger}" is no account that has a key here: ${allowed}.${way}`)
}
