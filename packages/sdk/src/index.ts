export * from "@anygpu/core"
export { createGpu, type GpuClient, type PromisedProviders } from "./create-gpu.ts"
export type { GpuOptions, MachineOp, Target } from "./gpu.ts"
export type { CallOptions, Promised } from "./promised.ts"
