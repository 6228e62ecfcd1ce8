import { access } from "node:fs/promises"
import type { Io } from "../io.ts"
import type { Candidate, LookUp } from "./candidates.ts"

/** Names that need no quotes: `rtx-4090`. */
const gpus = async (): Promise<ReadonlyArray<Candidate>> => {
  const { gpuModels } = await import("anygpu")
  return gpuModels.map(({ model }) => ({ value: model.toLowerCase().replaceAll(" ", "-"), description: model }))
}

/** The file that knows the machines: of simulated clouds their own one. */
const ledgerFile = async ({ env }: Io, options: Parameters<LookUp>[1]): Promise<string> => {
  const [{ configPath, ledgerPath, simulationPath }, { readConfig }, { baseUrlOf }, { cloudNames }] = await Promise.all(
    [import("../paths.ts"), import("../config.ts"), import("../clouds.ts"), import("../catalogue/options.ts")]
  )
  const textOf = (flag: string) => {
    const value = options.get(flag)
    return typeof value === "string" ? value : undefined
  }
  if (options.has("--sim") || options.has("--sim-state")) return textOf("--sim-state") ?? simulationPath(env)
  const config = await readConfig(textOf("--config") ?? configPath(env))
  const baseUrls = cloudNames.flatMap((name) => baseUrlOf(name, env, config) ?? [])
  return textOf("--ledger") ?? config.ledger ?? ledgerPath(env, baseUrls)
}

/** The machines that the ledger knows and that are not gone, as far as it knows. Nothing goes over the network. */
const machines = async (io: Io, options: Parameters<LookUp>[1]): Promise<ReadonlyArray<Candidate>> => {
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
      return what === "machine" ? await machines(io, options) : []
    } catch {
      return []
    }
  }
