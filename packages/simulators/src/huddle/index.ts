export type { Choices as HuddleChoices } from "./choices.ts"
export type { State as HuddleState } from "./deployment.ts"
export type { HuddleEffect, HuddleFault, HuddleFaultEffect } from "./fault.ts"
export { createHuddleSimulator } from "./simulator.ts"
export type { HuddleMachineOptions, HuddleStrokes } from "./strokes.ts"
export type {
  HuddleMachineRecord,
  HuddleSimulator,
  HuddleSimulatorOptions,
  HuddleVolumeRecord
} from "./types.ts"
export type { HuddleTimeline } from "./world.ts"
