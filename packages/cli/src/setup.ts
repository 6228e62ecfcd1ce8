import type { CloudSetup, Setup } from "@anygpu/operations"
import { check } from "@anygpu/operations/run"
import { createGpu, memoryLedger } from "anygpu"
import { baseUrlsOf, openCloud, type Settled } from "./clouds.ts"
import { type Context, patienceOf } from "./context.ts"
import { configCheck, ledgerCheck, nodeCheck } from "./doctor/computer.ts"
import { findKeys, keysOf, variableSet } from "./keys.ts"
import { builtIn, chosenClouds, knownClouds } from "./known.ts"
import { configPath, ledgerPath } from "./paths.ts"

type Here = Pick<Context, "io" | "settings" | "now">

/** One cloud; a key that is missing is only bad where the cloud is wanted. */
const cloudSetup = ({ io, settings }: Here, name: string, settled: Settled, needed: boolean): CloudSetup => {
  const { config, configFile } = settled
  const [values, keys] = [findKeys(io.env, config)[name], keysOf(name, config)]
  const vocabulary = builtIn(name)?.vocabulary ?? null
  if (values === undefined) {
    const advice = `set ${keys.map(({ variables: [first] }) => first).join(", ")}, or put the key into the config file`
    const key = check(name, "key", needed ? "bad" : "skipped", "none", needed ? advice : undefined)
    return { name, key, open: null, vocabulary }
  }
  const source = settings.sim
    ? "the simulated cloud's own"
    : `from ${keys.map((key) => variableSet(io.env, key) ?? configFile).join(", ")}`
  return {
    ...{ name, key: check(name, "key", "ok", source), vocabulary },
    open: async (watch) => {
      const way = io.fetch?.[name] ?? ((url: string, init: RequestInit) => globalThis.fetch(url, init))
      const cloud = await openCloud(name, values, { ...io, fetch: { ...io.fetch, [name]: watch(way) } }, settled)
      const how = { ...(await patienceOf(settings, io)), ...(io.clock && { clock: io.clock }) }
      return createGpu({ clouds: [cloud], ledger: memoryLedger(), ...how })
    }
  }
}

/** How this computer is set up, and each cloud that is known to it. */
export const setupHere = async (context: Here): Promise<Setup> => {
  const { io, settings, now } = context
  const configFile = settings.config ?? configPath(io.env)
  const { config, check: ofConfig } = settings.sim
    ? { config: {}, check: check("this computer", "config", "skipped", "simulated clouds need none") }
    : await configCheck(configFile)
  const keys = findKeys(io.env, config)
  const ledger = settings.ledger ?? config.ledger ?? ledgerPath(io.env, baseUrlsOf(io.env, config))
  const needed = settings.clouds !== null || knownClouds(config).every((name) => keys[name] === undefined)
  const isWanted = (name: string) => needed || config.adapters?.[name] !== undefined
  return {
    checks: [nodeCheck(), ofConfig, await ledgerCheck(ledger, now())],
    clouds: chosenClouds(config, settings.clouds).map((name) =>
      cloudSetup(context, name, { config, configFile }, isWanted(name))
    )
  }
}
