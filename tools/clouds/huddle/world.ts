import { adapterContext } from "../../../packages/conformance/src/index.ts"
import { fetchTransport, huddle } from "../../../packages/huddle/src/index.ts"
import { createHuddleSimulator } from "../../../packages/simulators/src/index.ts"
import { apiKey, type Routes, worldOn } from "../../documents/worlds.ts"

/** Huddle01; routes are named without `/api/v1`. */
export const onHuddle = (routes: Routes = {}) => {
  const world = worldOn(routes, "/api/v1")
  return { ...world, cloud: huddle({ apiKey, transport: world.transport }) }
}

/** A simulated Huddle01 with an account. */
export const onSimulatedHuddle = () => {
  const simulator = createHuddleSimulator({ credit: 100 })
  const cloud = huddle({ apiKey: simulator.apiKey, transport: fetchTransport(simulator.fetch) })
  return { ...adapterContext(simulator.clock), cloud, simulator }
}
