import { vast } from "../../../packages/vast/src/index.ts"
import { apiKey, type Routes, worldOn } from "../../documents/worlds.ts"

/** Vast. */
export const onVast = (routes: Routes = {}) => {
  const world = worldOn(routes)
  return { ...world, cloud: vast({ apiKey, transport: world.transport }) }
}
