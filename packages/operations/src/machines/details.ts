import type { Instance } from "anygpu"
import type { OperationContext } from "../context.ts"
import type { Launches } from "./leases.ts"

/** So many machines are read one by one, for so many milliseconds at most: a list is not held up by what it lacks. */
const mostReads = 50
const longest = 20_000

const isPoor = ({ view, status }: Instance): boolean => view === "summary" && status !== "terminated"

/**
 * Machines of a list with what it leaves out, where a cloud's list knows less than a read: price and ways in.
 *
 * - One more read for each; where that fails, the machine stays as it was listed.
 * - A price that the cloud does not give is that of the launch, by the ledger.
 */
export const withDetails = async (
  context: Pick<OperationContext, "gpu" | "signal">,
  machines: ReadonlyArray<Instance>,
  launches: Launches
): Promise<ReadonlyArray<Instance>> => {
  const gpu = await context.gpu()
  const poor = new Set(machines.filter(isPoor).slice(0, mostReads))
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(longest)])
  const read = async (machine: Instance): Promise<Instance> => {
    const seen = poor.has(machine) ? await gpu.get(machine.ref, { signal }).catch(() => machine) : machine
    return seen.pricePerHour === null
      ? { ...seen, pricePerHour: launches.get(String(seen.ref))?.pricePerHour ?? null }
      : seen
  }
  const seen = await Promise.all(machines.map(read))
  context.signal.throwIfAborted()
  return seen
}
