/*
 * One comparison over all clouds, which take 50, 200 and 400 ms to answer, against one plain request to the slowest of
 * them: what asking all of them, checking, normalising and ranking adds to the time that cannot be avoided.
 */
import { clouds, variableOf } from "@anygpu/clouds"
import { simulateClouds } from "@anygpu/clouds/simulated"
import { createClock } from "@anygpu/simulators"
import { createGpu } from "anygpu"
import { request } from "undici"
import { benchCloud, ofCloud } from "./cloud-list.ts"
import { compare, inMillis } from "./measure.ts"

const { simulators, env, listen } = simulateClouds({ clock: createClock({ mode: { speed: 1 } }), rateLimits: false })
/** Milliseconds of each cloud, the slowest last. */
const latencies = [50, 200, 400] as const
for (const [index, simulator] of Object.values(simulators).entries()) {
  const ms = latencies[index] ?? latencies[2]
  simulator.fault({ on: {}, times: Number.POSITIVE_INFINITY, do: { kind: "latency", ms } })
}
await using served = await listen()

/** A client of its own each time, as the rate limit of searching would make it wait. */
const withSdk = async () => {
  const providers = await Promise.all(
    clouds.map(({ name, keys: [{ option, variables }], open }) =>
      open({ [option]: env[variables[0]] ?? "" }, { baseUrl: served.env[variableOf(name, "BASE_URL")] })
    )
  )
  const { complete, candidates } = await createGpu({ clouds: providers }).compare({
    minVramMiB: 24 * 1024,
    job: { duration: "3 hours" }
  })
  if (!complete || candidates.length === 0) throw new Error("the comparison is incomplete or empty")
}

const [slowest = ""] = clouds.map(({ name }) => name).slice(-1)
const byHand = async () => {
  const { offers, header } = benchCloud(slowest).speech
  const { apiKey } = ofCloud(simulators, slowest)
  const response = await request(`${served.env[variableOf(slowest, "BASE_URL")]}${offers.path}`, {
    method: offers.method,
    headers: { ...header(apiKey), "content-type": "application/json" },
    ...(offers.body !== undefined && { body: JSON.stringify(offers.body) })
  })
  JSON.parse(await response.body.text())
}

const { ours, theirs, ratio, best } = await compare(withSdk, byHand, { rounds: 15, warmUps: 3 })
console.log(
  `compare over all clouds, of 50, 200 and 400 ms   ours ${inMillis(ours)}   the slowest alone ${inMillis(theirs)}`
)
console.log(`  ratio ${ratio.toFixed(2)} (${best.toFixed(2)} of the fastest rounds); wanted: at most 1.1`)
process.exit(0)
