import type { AnyProvider, Cloud } from "@anygpu/core"
import { joinedClouds } from "./joined-clouds.ts"

/** The providers of several clouds, one for each cloud and kind, as a client has them: several accounts of a cloud are one. */
export const providersOf = (clouds: ReadonlyArray<Cloud>): ReadonlyArray<AnyProvider> =>
  joinedClouds(clouds, undefined).flatMap(({ kinds }) => Object.values(kinds))
