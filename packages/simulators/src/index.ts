export * from "./fluence/index.ts"
export * from "./huddle/index.ts"
export {
  type ClockMode,
  type ClockOptions,
  type CommonEffect,
  type Cut,
  createClock,
  createMachines,
  createRandom,
  type DiskControls,
  type DiskTruth,
  type Fault,
  type Hardware,
  type LoginMachine,
  type Machines,
  type MachineTruth,
  type MeterLine,
  type OwnEffect,
  type Random,
  type RequestRecord,
  type SimulatedSsh,
  type Simulator,
  type SimulatorOptions,
  type SimulatorServer,
  type SshOptions,
  snapshotVersion,
  type UsualEffect,
  type VirtualClock
} from "./kit/index.ts"
export * from "./lambda/index.ts"
export * as simulators from "./list.ts"
export * from "./runpod/index.ts"
export * from "./shadeform/index.ts"
export * from "./vast/index.ts"
export * from "./verda/index.ts"
