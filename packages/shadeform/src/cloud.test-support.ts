import { adapterContext, type Route, scripted } from "@anygpu/conformance"
import { createClock } from "@anygpu/simulators"
import types from "./fixtures/types.json" with { type: "json" }
import { shadeform } from "./index.ts"

/** A key that must show up nowhere. */
export const apiKey = "sf_5d1f0c9ab7e24680"

export const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPRyQpp2azm5mMPCAyap8ulgPLVDbt5PyG3DZ//90V1S me@laptop"

/** A Shadeform that answers by `METHOD /path` and keeps what was sent; a route that is not there fails the test. */
export const world = (given: Readonly<Record<string, Route>> = {}) => {
  const clock = createClock()
  const routes = { "GET /v1/instances/types": { json: types }, ...given }
  const { transport, sent, to } = scripted(routes, clock)
  const cloud = shadeform({ apiKey, transport })
  return { ...adapterContext(clock), cloud, vms: cloud.kinds.vms, sent, to, clock }
}
