import type { Offer, PlainClock } from "@anygpu/core"
import { fluence } from "@anygpu/fluence"
import { huddle } from "@anygpu/huddle"
import { vast } from "@anygpu/vast"
import { createGpu } from "anygpu"
import { sqliteLedger } from "anygpu/sqlite"
import type { CloudName } from "../reliability/market.ts"
import type { Setup } from "./words.ts"

/** The time of the clouds, read from the real clock: the same in every process. */
const clockOf = ({ begun, speed }: Pick<Setup, "begun" | "speed">): PlainClock => {
  const start = performance.now()
  return {
    now: () => begun + Math.floor((Date.now() - begun) * speed),
    monotonic: () => (performance.now() - start) * speed,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const stop = () => {
          clearTimeout(timer)
          reject(signal?.reason)
        }
        const timer = setTimeout(() => {
          signal?.removeEventListener("abort", stop)
          resolve()
        }, ms / speed)
        if (signal?.aborted) stop()
        else signal?.addEventListener("abort", stop, { once: true })
      })
  }
}

/** A client of all clouds on the shared ledger, with the transport that users have. */
export const clientOf = (setup: Setup) => {
  const { clouds } = setup
  const ledger = sqliteLedger(setup.ledger)
  const { apiKey, baseUrl } = clouds.fluence
  const providers = [
    vast(clouds.vast),
    fluence({ apiKey, gpuBaseUrl: baseUrl, cpuBaseUrl: baseUrl }),
    huddle(clouds.huddle)
  ] as const
  const gpu = createGpu({ clouds: providers, clock: clockOf(setup), ledger })
  const { vast: first, fluence: second, huddle: third } = gpu.clouds
  /** Where a child may launch, one kind of each cloud. */
  const markets: Readonly<Record<CloudName, () => Promise<Iterable<Offer>>>> = {
    vast: () => first.containers.offers({ limit: 200 }),
    fluence: () => second.containers.offers(),
    huddle: () => third.vms.offers()
  }
  return { gpu, ledger, markets }
}
