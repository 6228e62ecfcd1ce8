import * as Effect from "effect/Effect"
import type { InstanceRef } from "../model/ref.ts"
import type { MachineRecord } from "./ledger.ts"
import type { MachineTable, Stored } from "./store.ts"

/** What is known of one machine; null when nothing is. */
export const machineIn = (machines: MachineTable, ref: InstanceRef): Stored<MachineRecord | null> =>
  Effect.map(machines.byRefs([ref]), ([machine]) => machine ?? null)
