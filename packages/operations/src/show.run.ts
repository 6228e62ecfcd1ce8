import type { Instance } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import type { machineField } from "./input/fields.ts"
import { findMachine } from "./machines/find-machine.ts"
import { launchesOf, leaseUntil } from "./machines/leases.ts"
import type { ShownJson } from "./protocol/machine.ts"
import { leasedJson } from "./protocol/model.ts"

/** A machine, and when its lease ends, in epoch milliseconds. */
export interface Shown {
  readonly machine: Instance
  readonly until: number | null
}

/** Reads one machine. */
export const run = async (context: OperationContext, { ref: name }: InputOf<typeof machineField>): Promise<Shown> => {
  const { out, signal } = context
  const ref = await findMachine(context, name, { reads: true })
  const gpu = await context.gpu()
  const machine = await out.during(`asking for ${ref}`, () => gpu.get(ref, { signal }))
  return { machine, until: leaseUntil(await launchesOf(context, ref), machine) }
}

/** The machine in JSON, with the cloud's own facts, of which no secret is known. */
export const encode = ({ machine, until }: Shown): ShownJson => ({
  ...leasedJson(machine, until),
  native: { ...machine.native }
})
