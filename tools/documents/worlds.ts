import {
  type AdapterContext,
  adapterContext,
  type Route,
  type Scripted,
  scripted
} from "../../packages/conformance/src/index.ts"
import { type AnyProvider, InstanceRef, type Kind } from "../../packages/core/src/index.ts"
import { createClock } from "../../packages/simulators/src/index.ts"

/** A cloud that answers from a script. */
export interface World extends Scripted, AdapterContext {}

/** What a cloud can be asked for. */
export type Call = Parameters<AdapterContext["fails"]>[0]

/** Routes by their method and path, each with what it answers. */
export type Routes = Readonly<Record<string, Route>>

/** The key that scripted clouds are asked with. */
export const apiKey = "the-documents-key"
const unknownRoute = { status: 404, json: { error: "no such route" } }

/** A cloud that answers what stands here, and 404 to all else. */
export const worldOn = (routes: Routes, base = "") => {
  const clock = createClock()
  return { ...scripted({ "*": unknownRoute, ...routes }, clock, base), ...adapterContext(clock), clock }
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
