export type { FluenceControls } from "./controls.ts"
export { createFluenceSimulator } from "./simulator.ts"
export type { FluenceMachineOptions } from "./stock.ts"
export type {
  FluenceEffect,
  FluenceFault,
  FluenceMachineRecord,
  FluenceSimulator,
  FluenceSimulatorOptions
} from "./types.ts"
export type { FluenceTimeline } from "./world.ts"
