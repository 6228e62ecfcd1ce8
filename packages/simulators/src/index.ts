export { type ClockMode, type ClockOptions, createClock, type VirtualClock } from "./clock.ts"
export * from "./vast/index.ts"
