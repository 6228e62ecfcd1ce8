import { clouds as described, keysIn } from "@anygpu/clouds"
import type { Offer, PlainClock } from "@anygpu/core"
import { createGpu } from "anygpu"
import { sqliteLedger } from "anygpu/sqlite"
import { forEachCloud } from "../cloud-list.ts"
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

/** The clouds of the list where they listen, with the transport that users have. */
const openAll = ({ env, baseUrls }: Setup) =>
  Promise.all(
    described.map((cloud) => {
      const keys = keysIn(env, cloud)
      if (!keys) throw new Error(`there is no key of ${cloud.title}`)
      return cloud.open(keys, { baseUrl: baseUrls[cloud.name] })
    })
  )

/** A client of all clouds on the shared ledger. */
export const clientOf = async (setup: Setup) => {
  const clouds = await openAll(setup)
  const ledger = sqliteLedger(setup.ledger)
  const gpu = createGpu({ clouds, clock: clockOf(setup), ledger })
  /** Where a child may launch, one kind of each cloud. */
  const markets = forEachCloud(({ name, launched: { kind, ...filter } }) => async (): Promise<Iterable<Offer>> => {
    const provider = gpu.clouds[name]?.[kind]
    if (!provider) throw new Error(`${name} has no ${kind}`)
    return provider.offers(filter)
  })
  return { gpu, ledger, markets }
}
