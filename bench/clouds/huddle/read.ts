import { undiciTransport } from "@anygpu/core/adapter"
import { huddle } from "@anygpu/huddle"
import { createHuddleSimulator } from "@anygpu/simulators"
import { createGpu } from "anygpu"
import { Agent, request } from "undici"
import type { ReadPart } from "../../cloud-parts.ts"
import type { Market } from "../../market.ts"

const id = "dep_1"

/** One call, all of it: the checks, the turn, the answer decoded, the status judged, the ledger asked. */
const withSdk = (market: Market) => {
  const cloud = huddle({ apiKey: market.apiKey, baseUrl: `${market.url}/api/v1`, transport: undiciTransport() })
  const gpu = createGpu({ clouds: [cloud] })
  return async (): Promise<string> => (await gpu.get(`huddle/vm/${id}`)).status
}

const byHand = (market: Market) => {
  const dispatcher = new Agent()
  return async (): Promise<string> => {
    const response = await request(`${market.url}/api/v1/deployments/${id}`, {
      dispatcher,
      headers: { "x-api-key": market.apiKey, accept: "application/json" }
    })
    const { data } = JSON.parse(await response.body.text()) as { readonly data: { readonly status: string } }
    return data.status
  }
}

/** A machine that runs, as the cloud shows it. */
const answer = async (): Promise<string> => {
  const { addMachine, fetch, origin, apiKey } = createHuddleSimulator({ seed: 11 })
  const made = addMachine()
  const headers = { authorization: `Bearer ${apiKey}`, "x-api-key": apiKey }
  const response = await fetch(`${origin}/api/v1/deployments/${made}`, { headers })
  if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${await response.text()}`)
  // Under the id that is asked for: an answer about another machine is refused.
  return (await response.text()).replaceAll(made, id)
}

/** A machine of Huddle01, whose adapter keeps no pace. */
export const read: ReadPart = { answer, withSdk, byHand }
