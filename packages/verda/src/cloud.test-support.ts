import { adapterContext, type Route, scripted } from "@anygpu/conformance"
import { createClock } from "@anygpu/simulators"
import { verda } from "./index.ts"

/** Keys that must show up nowhere. */
const keys = { clientId: "6a51jsgnISg6JOyE7wYZh", clientSecret: "s3cr3t-of-verda-0815" }

/** A token that must show up nowhere. */
export const token = "eyJhbGciOiJIUzI1NiJ9.4711.verda"

export const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPRyQpp2azm5mMPCAyap8ulgPLVDbt5PyG3DZ//90V1S me@laptop"

/** A refusal in the documented form. */
export const refusal = (status: number, code: string, message: string) => ({ status, json: { code, message } })

/** A Verda that answers by `METHOD /path` and keeps what was sent; a route that is not there fails the test. */
export const world = (given: Readonly<Record<string, Route>> = {}) => {
  const clock = createClock()
  const pair = { access_token: token, token_type: "Bearer", expires_in: 3600, refresh_token: `${token}.r`, scope: "x" }
  const routes = { "POST /v1/oauth2/token": { json: pair }, ...given }
  const { transport, sent, to } = scripted(routes, clock)
  const cloud = verda({ ...keys, transport })
  return { ...adapterContext(clock), cloud, vms: cloud.kinds.vms, sent, to, clock }
}
