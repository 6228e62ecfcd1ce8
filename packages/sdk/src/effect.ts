export * from "@anygpu/core"
export type { Gpu, GpuOptions, MachineOp, Providers, Target } from "./gpu.ts"
export { makeGpu } from "./gpu.ts"
