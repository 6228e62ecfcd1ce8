import type { GpuError } from "@anygpu/core"
import type { Answer } from "@anygpu/core/adapter"

/**
 * What the cloud's own error codes mean; null where the status code says enough.
 *
 * - Asked about every answer, also about 2xx: some clouds refuse with 200.
 */
export const classify = (_answer: Answer): GpuError | null => null
