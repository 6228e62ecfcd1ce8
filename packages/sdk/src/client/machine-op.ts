import type { InstanceRef, Kind, OptionalOp, OptionalOps } from "@anygpu/core"
import type * as Effect from "effect/Effect"

type Ops = OptionalOps<string, Kind>
type AboutMachine = { [O in OptionalOp]: Parameters<Ops[O]> extends [InstanceRef, ...unknown[]] ? O : never }

/** The optional operations that are about one machine. */
export type MachineOp = AboutMachine[OptionalOp]
export type MachineArgs<O extends MachineOp> = Parameters<Ops[O]> extends [InstanceRef, ...infer Rest] ? Rest : never
export type MachineAnswer<O extends MachineOp> = Effect.Success<ReturnType<Ops[O]>>
