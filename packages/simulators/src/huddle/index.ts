export type { Choices as HuddleChoices } from "./choices.ts"
export type { HuddleControls, HuddleMachineOptions, HuddleVolumeRecord } from "./controls.ts"
export type { State as HuddleState } from "./deployment.ts"
export { createHuddleSimulator } from "./simulator.ts"
export type {
  HuddleEffect,
  HuddleFault,
  HuddleFaultEffect,
  HuddleMachineRecord,
  HuddleSimulator,
  HuddleSimulatorOptions
} from "./types.ts"
export type { HuddleTimeline } from "./world.ts"
