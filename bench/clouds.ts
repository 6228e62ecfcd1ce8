/*
 * One comparison over three clouds that take 50, 200 and 400 ms to answer, against one plain request to the slowest of
 * them: what asking all of them, checking, normalising and ranking adds to the time that cannot be avoided.
 */
import { fluence } from "@anygpu/fluence"
import { huddle } from "@anygpu/huddle"
import { createClock, createFluenceSimulator, createHuddleSimulator, createVastSimulator } from "@anygpu/simulators"
import { vast } from "@anygpu/vast"
import { createGpu } from "anygpu"
import { request } from "undici"
import { compare, inMillis } from "./measure.ts"

const clock = createClock({ mode: { speed: 1 } })
const clouds = {
  fluence: createFluenceSimulator({ clock }),
  huddle: createHuddleSimulator({ clock }),
  vast: createVastSimulator({ clock, rateLimits: false })
}
const latency = { fluence: 50, huddle: 200, vast: 400 } as const
const slow = (ms: number) => ({ on: {}, times: Number.POSITIVE_INFINITY, do: { kind: "latency", ms } }) as const
clouds.fluence.fault(slow(latency.fluence))
clouds.huddle.fault(slow(latency.huddle))
clouds.vast.fault(slow(latency.vast))
await using fluenceServer = await clouds.fluence.listen()
await using huddleServer = await clouds.huddle.listen()
await using vastServer = await clouds.vast.listen()

/** A client of its own each time, as the rate limit of searching would make it wait. */
const withSdk = async () => {
  const gpu = createGpu({
    providers: [
      fluence({ apiKey: clouds.fluence.apiKey, gpuBaseUrl: fluenceServer.url, cpuBaseUrl: fluenceServer.url }),
      huddle({ apiKey: clouds.huddle.apiKey, baseUrl: `${huddleServer.url}/api/v1` }),
      vast({ apiKey: clouds.vast.apiKey, baseUrl: vastServer.url })
    ]
  })
  const { complete, candidates } = await gpu.compare({ minVramMiB: 24 * 1024, job: { duration: "3 hours" } })
  if (!complete || candidates.length === 0) throw new Error("the comparison is incomplete or empty")
}

const byHand = async () => {
  const response = await request(`${vastServer.url}/api/v0/bundles/`, {
    method: "POST",
    headers: { authorization: `Bearer ${clouds.vast.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ gpu_ram: { gte: 22_000 }, limit: 5000 })
  })
  JSON.parse(await response.body.text())
}

const { ours, theirs, ratio, best } = await compare(withSdk, byHand, { rounds: 15, warmUps: 3 })
console.log(
  `compare over 3 clouds of 50, 200 and 400 ms   ours ${inMillis(ours)}   the slowest alone ${inMillis(theirs)}`
)
console.log(`  ratio ${ratio.toFixed(2)} (${best.toFixed(2)} of the fastest rounds); wanted: at most 1.1`)
process.exit(0)
