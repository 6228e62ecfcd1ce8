import type { Instance, SpentSum } from "anygpu"
import type { EndedBy } from "anygpu/effect"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import type { machineField } from "./input/fields.ts"
import { costsOf } from "./machines/costs.ts"
import { enderOf } from "./machines/ended-by.ts"
import { findMachine } from "./machines/find-machine.ts"
import { launchesOf, leaseUntil } from "./machines/leases.ts"
import type { ShownJson } from "./protocol/machine.ts"
import { leasedJson } from "./protocol/model.ts"

/** A machine, when its lease ends, in epoch milliseconds, and what it has cost so far. */
export interface Shown {
  readonly machine: Instance
  readonly until: number | null
  readonly endedBy: EndedBy
  readonly cost: SpentSum | null
}

/** Reads one machine. */
export const run = async (context: OperationContext, { ref: name }: InputOf<typeof machineField>): Promise<Shown> => {
  const { out, signal } = context
  const ref = await findMachine(context, name, { reads: true })
  const gpu = await context.gpu()
  const machine = await out.during(`asking for ${ref}`, () => gpu.get(ref, { signal }))
  const cost = (await costsOf(gpu, [machine], signal)).get(String(ref)) ?? null
  const endedBy = await enderOf(context, machine)
  return { machine, until: leaseUntil(await launchesOf(context, ref), machine), endedBy, cost }
}

/** The machine in JSON, with the cloud's own facts, of which no secret is known. */
export const encode = ({ machine, until, endedBy, cost }: Shown): ShownJson => ({
  ...leasedJson(machine, until, endedBy, cost),
  native: { ...machine.native }
})
