export type { FaultEffect, VastEffect, VastFault } from "./fault.ts"
export { createVastSimulator } from "./simulator.ts"
export type { VastMachineOptions, VastStatusFields, VastStrokes } from "./strokes.ts"
export type {
  VastMachineRecord,
  VastRequestRecord,
  VastServer,
  VastSimulator,
  VastSimulatorOptions
} from "./types.ts"
export { type BootTimeline, defaultBoot } from "./world.ts"
