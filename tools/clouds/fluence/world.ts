import { adapterContext } from "../../../packages/conformance/src/index.ts"
import { fetchTransport, fluence } from "../../../packages/fluence/src/index.ts"
import { createFluenceSimulator } from "../../../packages/simulators/src/index.ts"
import { apiKey, type Routes, worldOn } from "../../documents/worlds.ts"

/** Fluence, each with the key `the-documents-key`. */
export const onFluence = (routes: Routes = {}) => {
  const world = worldOn(routes)
  return { ...world, cloud: fluence({ apiKey, transport: world.transport }) }
}

/** A simulated Fluence with an account. */
export const onSimulatedFluence = () => {
  const simulator = createFluenceSimulator({ seed: 3, credit: 1000 })
  const cloud = fluence({ apiKey: simulator.apiKey, transport: fetchTransport(simulator.fetch) })
  return { ...adapterContext(simulator.clock), cloud, simulator }
}
