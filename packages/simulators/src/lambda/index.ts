export type { LambdaControls, LambdaMachineOptions } from "./controls.ts"
export {
  createLambdaSimulator,
  type LambdaEffect,
  type LambdaFault,
  type LambdaFaultEffect,
  type LambdaMachineRecord,
  type LambdaSimulator
} from "./simulator.ts"
export type { LambdaChoices, LambdaSimulatorOptions, LambdaTimeline } from "./world.ts"
