import { access } from "node:fs/promises"
import type { Config } from "../config.ts"
import type { Io } from "../io.ts"
import type { Candidate, LookUp } from "./candidates.ts"

/** Names that need no quotes: `rtx-4090`. */
const gpus = async (): Promise<ReadonlyArray<Candidate>> => {
  const { gpuModels } = await import("anygpu")
  return gpuModels.map(({ model }) => ({ value: model.toLowerCase().replaceAll(" ", "-"), description: model }))
}

type Given = Parameters<LookUp>[1]

const textOf = (options: Given, flag: string): string | undefined => {
  const value = options.get(flag)
  return typeof value === "string" ? value : undefined
}

const isSimulated = (options: Given): boolean => options.has("--sim") || options.has("--sim-state")

/** The config file's settings; simulated clouds have none. */
const configFor = async ({ env }: Io, options: Given): Promise<Config> => {
  if (isSimulated(options)) return {}
  const [{ configPath }, { readConfig }] = await Promise.all([import("../paths.ts"), import("../config.ts")])
  return readConfig(textOf(options, "--config") ?? configPath(env))
}

/** The clouds of anygpu, and the adapters of the config file as far as it can be read. */
const clouds = async (io: Io, options: Given): Promise<ReadonlyArray<Candidate>> => {
  const { knownClouds } = await import("../known.ts")
  const config = await configFor(io, options).catch(() => ({}))
  return knownClouds(config).map((value) => ({ value, description: "" }))
}

/** The presets of the config file. */
const presets = async (io: Io, options: Given): Promise<ReadonlyArray<Candidate>> => {
  const [{ configPath }, { readConfig }] = await Promise.all([import("../paths.ts"), import("../config.ts")])
  const { presets: all = {} } = await readConfig(textOf(options, "--config") ?? configPath(io.env))
  return Object.keys(all).map((value) => ({ value, description: "" }))
}

/** The file that knows the machines: of simulated clouds their own one. */
const ledgerFile = async (io: Io, options: Given): Promise<string> => {
  const [{ ledgerPath, simulationPath }, { baseUrlsOf }] = await Promise.all([
    import("../paths.ts"),
    import("../clouds.ts")
  ])
  const { env } = io
  if (isSimulated(options)) return textOf(options, "--sim-state") ?? simulationPath(env)
  const config = await configFor(io, options)
  return textOf(options, "--ledger") ?? config.ledger ?? ledgerPath(env, baseUrlsOf(env, config))
}

/** The machines that the ledger knows and that are not gone, as far as it knows. Nothing goes over the network. */
const machines = async (io: Io, options: Given): Promise<ReadonlyArray<Candidate>> => {
  const file = await ledgerFile(io, options)
  await access(file)
  const [{ InstanceRef }, { sqliteLedger }, { runPromise }] = await Promise.all([
    import("anygpu"),
    import("anygpu/sqlite"),
    import("effect/Effect")
  ])
  using ledger = sqliteLedger(file)
  const launches = await runPromise(ledger.launches({ states: ["created"] }))
  const known = await Promise.all(
    launches.map(async ({ provider, kind, instanceId, name }): Promise<ReadonlyArray<Candidate>> => {
      if (instanceId === null) return []
      const ref = new InstanceRef(provider, kind, instanceId)
      const machine = await runPromise(ledger.machine(ref))
      return machine?.goneAt == null ? [{ value: String(ref), description: name }] : []
    })
  )
  return known.flat()
}

/** What completions need beyond the table of commands. What cannot be read completes nothing. */
export const lookUpIn =
  (io: Io): LookUp =>
  async (what, options) => {
    try {
      if (what === "gpu") return await gpus()
      if (what === "preset") return await presets(io, options)
      if (what === "cloud") return await clouds(io, options)
      return what === "machine" ? await machines(io, options) : []
    } catch {
      return []
    }
  }
