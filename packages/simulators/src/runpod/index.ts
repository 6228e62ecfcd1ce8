export type { RunpodControls, RunpodMachineOptions } from "./controls.ts"
export {
  createRunpodSimulator,
  type RunpodEffect,
  type RunpodFault,
  type RunpodFaultEffect,
  type RunpodMachineRecord,
  type RunpodSimulator
} from "./simulator.ts"
export type { RunpodChoices, RunpodSimulatorOptions, RunpodTimeline } from "./world.ts"
