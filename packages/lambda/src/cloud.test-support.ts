import { adapterContext, type Route, scripted } from "@anygpu/conformance"
import { createClock } from "@anygpu/simulators"
import keys from "./fixtures/keys.json" with { type: "json" }
import types from "./fixtures/types.json" with { type: "json" }
import { lambda } from "./index.ts"

/** A key that must show up nowhere. */
export const apiKey = "secret_lambda_5d1f0c9ab7e24680"

/** The key of Lambda's own example, whose name on the account is `my-public-key`. */
export const publicKey = keys.data[0]?.public_key ?? ""

/** A refusal in the documented form. */
export const refusal = (status: number, code: string, message = "as documented") => ({
  status,
  json: { error: { code, message } }
})

/** A Lambda that answers by `METHOD /path` below `/api/v1` and keeps what was sent; a route that is not there fails the test. */
export const world = (given: Readonly<Record<string, Route>> = {}) => {
  const clock = createClock()
  const usual: Readonly<Record<string, Route>> = {
    "GET /instance-types": { json: types },
    "GET /ssh-keys": { json: keys }
  }
  const below = (route: string) => route.replace(" /", " /api/v1/")
  const routes = Object.fromEntries(
    Object.entries({ ...usual, ...given }).map(([route, answer]) => [below(route), answer])
  )
  const { transport, sent, to } = scripted(routes, clock)
  const cloud = lambda({ apiKey, transport })
  return { ...adapterContext(clock), cloud, vms: cloud.kinds.vms, sent, to: (route: string) => to(below(route)), clock }
}
