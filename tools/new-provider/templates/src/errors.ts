import type { GpuError } from "@anygpu/core"
import type { Answer } from "@anygpu/core/adapter"

/**
 * What the cloud's own error codes mean; null where the status code says enough.
 *
 * - Asked about every answer, also about 2xx: some clouds refuse with 200.
 * - `NotFound` is made here and nowhere else, of the cloud's own words that a machine does not exist: a 404 alone may be a
 *   gateway's, and the machine there.
 */
export const classify = (_answer: Answer): GpuError | null => null
