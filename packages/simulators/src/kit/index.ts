/*
 * What the simulators of all clouds are built of: a further cloud's is its rows, its prices and its rules. It knows no
 * cloud, and nothing of the adapters.
 */
export { type ClockMode, type ClockOptions, createClock, type VirtualClock } from "../clock.ts"
export { createRandom, type Random } from "../random.ts"
export { base64Of, bytesOf } from "./base64.ts"
export { type ControlsOf, defineSimulator, type SimulatedCloud, type SimulatorOptions } from "./cloud.ts"
export {
  bearerIn,
  type Call,
  type CloudRoute,
  comesTooSoon,
  createDoor,
  type Door,
  type DoorRules,
  movedTo,
  routesOf
} from "./door.ts"
export type { CommonEffect, Fault, OwnEffect } from "./fault.ts"
export { inSeconds, isSize, type Json, numberIn, objectsIn, pageOf, textIn, textsIn, withWord } from "./fields.ts"
export { type Incoming, isObject, ok, plain, type Reply, type Sent } from "./http.ts"
export { addressOf, uuidOf } from "./ids.ts"
export { createMachines, type SimulatedSsh } from "./keeper.ts"
export type { Address, MachineLogin, RentedHardware } from "./login.ts"
export type { Gpu, Hardware } from "./machine/hardware.ts"
export type { Cut, LoginMachine, Machines, SshOptions } from "./machines.ts"
export { chargeByTime, type Meter, metered, meterLines, newMeter, type Rates } from "./meter.ts"
export { createMoney, hourlyMoney, type Money, millisecondsPerHour, perMillisecond } from "./money.ts"
export { type PublicKey, publicKeyIn } from "./public-key.ts"
export type { Match, Route, Router } from "./router.ts"
export type { SimulatorServer } from "./server.ts"
export type { Reachable, RequestRecord, Simulator } from "./simulator.ts"
export { freeOf, giveBack, placeOf, type Stock, takeOne } from "./stock.ts"
export { cancelPlan, hasPlan, type Life, lengthened, live, plan, planAt, planPhase } from "./timeline.ts"
export type { DiskControls, DiskTruth, MachineTruth, MeterLine } from "./truth.ts"
export { type EndBy, type UsualEffect, usualFaults, withStatus } from "./usual-faults.ts"
export {
  type Due,
  type NewState,
  snapshotVersion,
  type Timeline,
  type World,
  type WorldMaker,
  type WorldState
} from "./world.ts"
