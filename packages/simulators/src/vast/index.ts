export type { VastControls, VastMachineOptions, VastStatusFields } from "./controls.ts"
export type { FaultEffect, VastEffect, VastFault } from "./fault.ts"
export { createVastSimulator } from "./simulator.ts"
export type {
  VastMachineRecord,
  VastSimulator,
  VastSimulatorOptions
} from "./types.ts"
export type { VastTimeline } from "./world.ts"
