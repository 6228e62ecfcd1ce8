import type { Cloud } from "@anygpu/core"
import type { CloudAccess } from "@anygpu/core/cloud"
import {
  createClock,
  type Random,
  type Simulator,
  type SimulatorOptions,
  simulators,
  type VirtualClock
} from "@anygpu/simulators"
import { clouds, variableOf } from "./index.ts"

/** The simulator of each cloud, by its name. */
export type SimulatedClouds = { readonly [Name in keyof typeof simulators]: ReturnType<(typeof simulators)[Name]> }

/** Makes a cloud's simulator from what all of them take; `snapshot` is what a simulator of the same cloud said of its world. */
export type MakeSimulator = (
  options: SimulationOptions & { readonly apiKey?: string; readonly snapshot?: string }
) => Simulator & {
  snapshot(): string
  /** Lets its market move a little, by random numbers; absent where a cloud has a price list and no market. */
  stir?(random: Random): void
}

/** What makes the simulator of a cloud, by its name; undefined for a cloud that has none. */
export const simulatorOf = (name: string): MakeSimulator | undefined =>
  (simulators as Readonly<Record<string, MakeSimulator>>)[name]

/** What simulated clouds start from. */
export interface SimulationOptions {
  /** One for all of them; an auto clock when absent: every wait is over at once. */
  readonly clock?: VirtualClock
  /** Chooses offers, hosts, ids and jitter: the same seed gives the same clouds. */
  readonly seed?: number
  /** What each account has, in its own currency. */
  readonly credit?: number
  /** false: none of them refuses what comes too often. */
  readonly rateLimits?: boolean
  /**
   * Whether machines can be logged in to, by real ssh on loopback addresses (default false). Needs Node, and a clock with a
   * speed where a login takes part.
   */
  readonly ssh?: NonNullable<SimulatorOptions["ssh"]>
}

/** Clouds that cost nothing. */
export interface Simulation {
  readonly clock: VirtualClock
  readonly simulators: SimulatedClouds
  /** The variables that hold the keys of the clouds, with the keys that the simulators let in. */
  readonly env: Readonly<Record<string, string>>
  /**
   * Each cloud's adapter on its simulator, in the order of the list.
   *
   * - Nothing goes over a network, unless another `fetch` is given: one whose requests msw answers.
   */
  open(access?: CloudAccess): Promise<ReadonlyArray<Cloud>>
  /** Serves each cloud on a port of 127.0.0.1: where, by the variables that the command reads. Needs Node. */
  listen(): Promise<{ readonly env: Readonly<Record<string, string>> } & AsyncDisposable>
}

/**
 * Simulates every cloud, each behind its own adapter.
 *
 * @example
 * ```ts
 * import { simulateClouds } from "@anygpu/clouds/simulated"
 * import { createGpu } from "anygpu"
 *
 * const { clock, open } = simulateClouds({ seed: 7, credit: 60 })
 * const gpu = createGpu({ clouds: await open(), clock })
 * ```
 */
export const simulateClouds = ({ clock = createClock(), ...options }: SimulationOptions = {}): Simulation => {
  const all = Object.fromEntries(
    Object.entries(simulators).map(([name, make]) => [name, make({ clock, ...options })])
  ) as SimulatedClouds
  const described = clouds.map((cloud) => ({ cloud, simulator: all[cloud.name as keyof SimulatedClouds] }))
  return {
    clock,
    simulators: all,
    env: Object.fromEntries(
      described.flatMap(({ cloud, simulator }) => cloud.keys.map(({ variables: [first] }) => [first, simulator.apiKey]))
    ),
    open: (access) =>
      Promise.all(
        described.map(({ cloud, simulator }) =>
          cloud.open(
            Object.fromEntries(cloud.keys.map(({ option }) => [option, simulator.apiKey])),
            access ?? { fetch: simulator.fetch }
          )
        )
      ),
    listen: async () => {
      const served = await Promise.all(
        described.map(async ({ cloud, simulator }) => ({ name: cloud.name, server: await simulator.listen() }))
      )
      return {
        env: Object.fromEntries(served.map(({ name, server: { url } }) => [variableOf(name, "BASE_URL"), url])),
        [Symbol.asyncDispose]: async () => {
          await Promise.all(served.map(({ server }) => server.close()))
        }
      }
    }
  }
}
