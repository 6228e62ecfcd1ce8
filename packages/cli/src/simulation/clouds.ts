import type { MakeSimulator } from "@anygpu/clouds/simulated"
import { createClock, createRandom, type Machines, type VirtualClock } from "@anygpu/simulators"
import type { FastClock } from "./clock.ts"
import type { Store } from "./store.ts"

type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** The key that the simulated clouds let in: it opens nothing else. */
export const simulatedKey = "key-of-simulated-clouds"

/** A world in memory, and which one of the file it is. */
interface Loaded {
  readonly version: number
  readonly cloud: ReturnType<MakeSimulator>
}

/** How a simulated cloud is answered for. */
export interface SimulatedWorld {
  readonly time: FastClock
  readonly machines: Machines | undefined
  readonly lives: boolean
}

/** So often a market moves, in simulated milliseconds. */
const stirEvery = 5 * 60_000

/** What each account has at first, in its currency: a few hours of something large. */
const credit = 100

/**
 * Answers the requests to one cloud, whose simulator is given, from its world in the file.
 *
 * - `machines` are those that can be logged in to, by this process alone: what runs on them ends with it.
 * - With `lives`, markets move while they are looked at.
 * - Each request is answered by the world as it is kept at this moment, and kept with what it did. When another command
 *   was quicker the answer is thrown away, and the request made again of what that one has left: no effect gets lost,
 *   and none happens twice.
 */
export const simulatedFetch = (
  store: Store,
  name: string,
  make: MakeSimulator,
  { time, machines, lives }: SimulatedWorld
): Fetch => {
  // Nothing waits in a world without faults: what runs on its machines does.
  const clock: VirtualClock = {
    ...createClock({ mode: "manual" }),
    ...{ now: time.now, monotonic: time.now, sleep: time.sleep }
  }
  let loaded: Loaded | undefined
  const load = (): Loaded => {
    const { version, snapshot } = store.read(name)
    if (loaded?.version === version) return loaded
    const world = { clock, seed: store.seed, apiKey: simulatedKey, credit, ...(snapshot !== null && { snapshot }) }
    loaded = { version, cloud: make({ ...world, ...(machines && { ssh: machines }) }) }
    return loaded
  }
  const random = createRandom(store.seed)
  let stirredAt = time.now()
  const stir = (cloud: Loaded["cloud"]): void => {
    for (; lives && time.now() - stirredAt >= stirEvery; stirredAt += stirEvery) cloud.stir?.(random)
  }
  const answer: Fetch = async (url, init) => {
    for (;;) {
      const { version, cloud } = load()
      stir(cloud)
      const response = await cloud.fetch(url, init)
      const isKept = store.write(name, version, cloud.snapshot())
      loaded = isKept ? { version: version + 1, cloud } : undefined
      if (isKept) return response
    }
  }
  let last: Promise<unknown> = Promise.resolve()
  return (url, init) => {
    const release = time.hold()
    const mine = last.then(() => answer(url, init)).finally(release)
    last = mine.catch(() => {})
    return mine
  }
}
