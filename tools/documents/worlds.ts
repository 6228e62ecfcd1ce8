import {
  type AdapterContext,
  adapterContext,
  type Route,
  type Scripted,
  scripted
} from "../../packages/conformance/src/index.ts"
import { type AnyProvider, InstanceRef, type Kind } from "../../packages/core/src/index.ts"
import { fetchTransport, fluence } from "../../packages/fluence/src/index.ts"
import { huddle } from "../../packages/huddle/src/index.ts"
import { createClock, createFluenceSimulator, createHuddleSimulator } from "../../packages/simulators/src/index.ts"
import { vast } from "../../packages/vast/src/index.ts"

/** A cloud that answers from a script. */
export interface World extends Scripted, AdapterContext {}

/** What a cloud can be asked for. */
export type Call = Parameters<AdapterContext["fails"]>[0]

type Routes = Readonly<Record<string, Route>>

const apiKey = "the-documents-key"
const unknownRoute = { status: 404, json: { error: "no such route" } }

const worldOn = (routes: Routes, base = "") => {
  const clock = createClock()
  return { ...scripted({ "*": unknownRoute, ...routes }, clock, base), ...adapterContext(clock), clock }
}

/** Fluence, each with the key `the-documents-key`. */
export const onFluence = (routes: Routes = {}) => {
  const world = worldOn(routes)
  return { ...world, cloud: fluence({ apiKey, transport: world.transport }) }
}

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

/** A simulated Fluence with an account. */
export const onSimulatedFluence = () => {
  const simulator = createFluenceSimulator({ seed: 3, credit: 1000 })
  const cloud = fluence({ apiKey: simulator.apiKey, transport: fetchTransport(simulator.fetch) })
  return { ...adapterContext(simulator.clock), cloud, simulator }
}

/** Vast. */
export const onVast = (routes: Routes = {}) => {
  const world = worldOn(routes)
  return { ...world, cloud: vast({ apiKey, transport: world.transport }) }
}

/** A machine as `get` answers it of a payload. */
export const got = (
  open: (
    routes: Routes
  ) => World & { readonly cloud: { readonly name: string; readonly kinds: Readonly<Record<string, unknown>> } },
  kind: string,
  id: string,
  route: string,
  json: unknown
): Promise<unknown> => {
  const world = open({ [route]: { json } })
  const provider = world.cloud.kinds[kind] as AnyProvider
  return world.run(provider.get(new InstanceRef(provider.provider, provider.kind as Kind, id)))
}

/** The error of a call, by its name and words. */
export const errorOf = async <W extends World>(
  world: W,
  call: (world: W) => Call
): Promise<{ readonly tag: string; readonly message: string }> => {
  const { _tag: tag, message } = await world.fails(call(world))
  return { tag, message }
}
