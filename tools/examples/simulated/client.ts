import * as real from "../../../packages/sdk/src/index.ts"
import { clock } from "./clouds.ts"

/* What `anygpu` is to an example that is run: the same, except that a client keeps the time of the simulated clouds. */

export * from "../../../packages/sdk/src/index.ts"

/** The real one; waits of hours are over at once, unless the example brings a clock of its own. */
export const createGpu: typeof real.createGpu = (options) => real.createGpu({ clock, ...options })
