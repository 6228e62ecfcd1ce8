export type { VerdaControls, VerdaMachineOptions } from "./controls.ts"
export {
  createVerdaSimulator,
  type VerdaEffect,
  type VerdaFault,
  type VerdaFaultEffect,
  type VerdaMachineRecord,
  type VerdaSimulator
} from "./simulator.ts"
export type { VerdaChoices, VerdaSimulatorOptions, VerdaTimeline } from "./world.ts"
