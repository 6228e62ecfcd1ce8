import type { Instance, SpentSum } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import type { machineField } from "./input/fields.ts"
import { costsOf } from "./machines/costs.ts"
import { findMachine } from "./machines/find-machine.ts"
import { launchesOf, leaseUntil } from "./machines/leases.ts"
import type { ShownJson } from "./protocol/machine.ts"
import { leasedJson } from "./protocol/model.ts"

/** A machine, when its lease ends, in epoch milliseconds, and what it has cost so far. */
export interface Shown {
  readonly machine: Instance
  readonly until: number | null
  readonly cost: SpentSum | null
}

/** Reads one machine. */
export const run = async (context: OperationContext, { ref: name }: InputOf<typeof machineField>): Promise<Shown> => {
  const { out, signal } = context
  const ref = await findMachine(context, name, { reads: true })
  const gpu = await context.gpu()
  const machine = await out.during(`asking for ${ref}`, () => gpu.get(ref, { signal }))
  const cost = (await costsOf(gpu, [machine], signal)).get(String(ref)) ?? null
  return { machine, until: leaseUntil(await launchesOf(context, ref), machine), cost }
}

/** The machine in JSON, with the cloud's own facts, of which no secret is known. */
export const encode = ({ machine, until, cost }: Shown): ShownJson => ({
  ...leasedJson(machine, until, cost),
  native: { ...machine.native }
})
