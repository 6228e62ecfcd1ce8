export type { ShadeformControls, ShadeformMachineOptions } from "./controls.ts"
export {
  createShadeformSimulator,
  type ShadeformEffect,
  type ShadeformFault,
  type ShadeformFaultEffect,
  type ShadeformMachineRecord,
  type ShadeformSimulator
} from "./simulator.ts"
export type { ShadeformChoices, ShadeformSimulatorOptions, ShadeformTimeline } from "./world.ts"
