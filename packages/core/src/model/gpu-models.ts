import { geforce, nvidiaDataCentre } from "./gpu-models-nvidia.ts"
import { otherMakers } from "./gpu-models-others.ts"
import { workstation } from "./gpu-models-workstation.ts"
import type { GpuModel } from "./gpu-rows.ts"

export type { GpuModel } from "./gpu-rows.ts"

/**
 * Every GPU this version knows, one row per model.
 *
 * - Names from the documents of the supported clouds, from public boards, and from what drivers report.
 * - Two models that differ in speed or connection are two rows: RTX 4070, 4070 SUPER, 4070 Ti and the laptop one.
 * - A family row (`"A100"`) stands for a name that leaves the variant open.
 */
export const gpuModels: ReadonlyArray<GpuModel> = [...nvidiaDataCentre, ...geforce, ...workstation, ...otherMakers]
