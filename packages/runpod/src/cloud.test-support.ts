import { adapterContext, type Route, scripted } from "@anygpu/conformance"
import { createClock } from "@anygpu/simulators"
import gpus from "./fixtures/gpus.json" with { type: "json" }
import { runpod } from "./index.ts"

/** A key that must show up nowhere. */
export const apiKey = "rpa_5d1f0c9ab7e24680"

export const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPRyQpp2azm5mMPCAyap8ulgPLVDbt5PyG3DZ//90V1S me@laptop"

/** A problem in the documented form. */
export const problem = (status: number, detail: string) => ({ status, json: { title: "Problem", status, detail } })

/** A Runpod that answers by `METHOD /path` and keeps what was sent; a route that is not there fails the test. */
export const world = (given: Readonly<Record<string, Route>> = {}) => {
  const clock = createClock()
  const routes = { "GET /v2/catalog/gpus": { json: gpus }, ...given }
  const { transport, sent, to } = scripted(routes, clock)
  const cloud = runpod({ apiKey, transport })
  return { ...adapterContext(clock), cloud, containers: cloud.kinds.containers, sent, to, clock }
}
