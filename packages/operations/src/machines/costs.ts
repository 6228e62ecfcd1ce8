import { type GpuClient, type Instance, isGpuError, type SpentSum } from "anygpu"

/** What machines have cost so far, by the texts of their refs. */
export type Costs = ReadonlyMap<string, SpentSum>

/** What the ledger saw machines cost until now. One that cannot be read costs no more than this answer. */
export const costsOf = async (
  gpu: Pick<GpuClient, "spent">,
  machines: ReadonlyArray<Pick<Instance, "ref">>,
  signal: AbortSignal
): Promise<Costs> => {
  if (machines.length === 0) return new Map()
  try {
    const { rows } = await gpu.spent({ machines: machines.map(({ ref }) => ref), signal })
    return new Map(rows.map(({ of, ...cost }) => [of, cost]))
  } catch (error) {
    if (isGpuError(error)) return new Map()
    throw error
  }
}
