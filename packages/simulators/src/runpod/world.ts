import type { SimulatorOptions } from "../kit/cloud.ts"
import { placeOf, type Stock } from "../kit/stock.ts"
import type * as kit from "../kit/world.ts"
import type { Bill } from "./billing.ts"
import { cpuTypes, dataCenters, gpuTypes } from "./catalogue.ts"
import type { Pod } from "./pod.ts"
import type { NetworkVolume } from "./volume.ts"

/**
 * Virtual milliseconds of each phase. No document gives a length for any of them but `ports`: a direct address shows some
 * seconds after `RUNNING`.
 *
 * - `provisioning` and `starting` are the two words of a boot. `stopping` is how long a pod that was asked to stop still
 *   reads `RUNNING`.
 * - `jitter` is the share by which a phase may be longer, drawn from the seed.
 */
export interface RunpodTimeline extends kit.Timeline {
  readonly provisioning: number
  readonly starting: number
  readonly ports: number
  readonly stopping: number
}

/** What happens to a pod by itself. */
export type Step = "starting" | "running" | "ports" | "exited" | "failed"

/**
 * What Runpod's documents leave open, and what this simulator does about it.
 *
 * - `deletedAs` ("absent"): a pod that was deleted is a 404 at once. "TERMINATED": reads of it say so, and lists leave it
 *   out.
 * - `logsStayOpen` (true): a log is a stream that stays open, as documented. False: it ends after what there is.
 * - `graphql` (true): the GraphQL API, which is retired in 2027, still answers. False: 410.
 */
export interface RunpodChoices {
  readonly deletedAs: "absent" | "TERMINATED"
  readonly logsStayOpen: boolean
  readonly graphql: boolean
}

/** Everything that changes, as plain data. */
export interface WorldState extends kit.WorldState<string, Step> {
  nextSerial: number
  pods: Pod[]
  volumes: NetworkVolume[]
  /** What was charged, by hour and by what it was for. */
  bills: Record<string, Bill>
  keys: string[]
  registries: { readonly id: string; readonly name: string }[]
  /** Free GPUs, or vCPUs, by `<type>@<data centre>@<cloud>`. */
  free: Stock
}

/** The simulated cloud. */
export interface World extends kit.World<WorldState, RunpodTimeline> {
  readonly choices: RunpodChoices
}

/** Where hardware of a type stands. */
export const shelfOf = (type: string, place: string, cloud: string): string => placeOf(placeOf(type, place), cloud)

const freeAtFirst = (random: kit.World["random"], most: number): Stock => {
  const free: Stock = {}
  for (const { id: place } of dataCenters) {
    for (const { id, secure, community } of gpuTypes) {
      if (secure > 0) free[shelfOf(id, place, "SECURE")] = random.integer(most, 3 * most)
      if (community > 0) free[shelfOf(id, place, "COMMUNITY")] = random.integer(most, 2 * most)
    }
    for (const { id } of cpuTypes) free[shelfOf(id, place, "SECURE")] = 256
  }
  return free
}

/** What a simulated Runpod starts from: USD 100 of credit, and `rpa_sim_0123456789abcdef` as its key unless options say else. */
export interface RunpodSimulatorOptions extends SimulatorOptions<RunpodTimeline> {
  /** The least free GPUs of each type and place at first (default 8). */
  readonly stock?: number
  /** What the documents leave open. */
  readonly choices?: Partial<RunpodChoices>
}

/** How worlds begin, and what surrounds them. */
export const worlds: kit.WorldMaker<RunpodSimulatorOptions, World> = {
  timeline: { provisioning: 30_000, starting: 60_000, ports: 10_000, stopping: 5_000, jitter: 0.5 },
  begin: (base, { options: { stock = 8 }, random }) => ({
    ...{ ...base, nextSerial: 1, pods: [], volumes: [], bills: {}, keys: [], registries: [] },
    free: freeAtFirst(random, stock)
  }),
  surround: (base, { choices }) => ({
    ...base,
    choices: { deletedAs: "absent", logsStayOpen: true, graphql: true, ...choices }
  })
}
