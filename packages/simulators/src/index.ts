export * from "./fluence/index.ts"
export * from "./huddle/index.ts"
export {
  type ClockMode,
  type ClockOptions,
  type CommonEffect,
  createClock,
  createRandom,
  type Fault,
  type MachineTruth,
  type MeterLine,
  type OwnEffect,
  type Random,
  type RequestRecord,
  type Simulator,
  type SimulatorOptions,
  type SimulatorServer,
  snapshotVersion,
  type UsualEffect,
  type VirtualClock
} from "./kit/index.ts"
export * as simulators from "./list.ts"
export * from "./vast/index.ts"
