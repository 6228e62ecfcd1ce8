import { createRandom, type Random } from "../random.ts"
import type { Address } from "./login.ts"
import { fromSnapshot, toSnapshot } from "./snapshot.ts"

/**
 * Virtual milliseconds of each phase of a cloud; `jitter` is the share by which a phase may be longer, drawn from the seed.
 */
export interface Timeline {
  readonly jitter: number
}

/** A step due at a moment: what happens by itself to the thing with this id. */
export interface Due<Id extends string | number = string | number, Step extends string = string> {
  at: number
  readonly id: Id
  readonly step: Step
}

/** What every simulated cloud keeps, as plain data. A cloud adds its machines, its stock and whatever else changes. */
export interface WorldState<Id extends string | number = string | number, Step extends string = string> {
  readonly version: typeof snapshotVersion
  readonly seed: number
  /** The moment until which the world has lived, in epoch milliseconds. */
  at: number
  /** Where its random numbers are. */
  random: number
  /** What the account has, in units of the cloud's money. */
  credit: bigint
  /** Whether the cloud has already done what it does when the credit runs out. */
  creditOut: boolean
  due: Due<Id, Step>[]
}

/** The state of a new world before its cloud adds to it. */
export type NewState = Omit<WorldState, "due"> & { due: never[] }

/** A simulated cloud: what changes, where chance comes from, and how long its phases are. A cloud adds what it rents. */
export interface World<State extends WorldState = WorldState, Phases extends Timeline = Timeline> {
  readonly state: State
  readonly random: Random
  readonly timeline: Phases
  /**
   * Where a machine truly answers, which stands in the place of a documented address: undefined where no machine can be
   * logged in to, null for one that has no address yet.
   */
  readonly reach: (id: string | number) => Address | null | undefined
}

/**
 * The version of the snapshots that simulators make and take; one of another version is refused. It is raised when what the
 * kit keeps changes.
 */
export const snapshotVersion = 2

/** What differs between the worlds of two clouds: how they begin, and what surrounds their changes. */
export interface WorldMaker<Options, W extends World> {
  /** The phases when none are given. */
  readonly timeline: W["timeline"]
  /** The state of a new world: `base`, and what the cloud keeps besides. */
  readonly begin: (base: NewState, start: { readonly options: Partial<Options>; readonly random: Random }) => W["state"]
  /**
   * The world around a state: `base`, and what is made again of seed and options each time, such as a catalogue. Left out
   * where a world is its state, chance and phases.
   */
  readonly surround?: (base: World<W["state"], W["timeline"]>, options: Partial<Options>) => W
}

/** What a new world starts from, whatever its cloud. */
export interface WorldStart {
  readonly seed: number
  readonly now: number
  /** In units of the cloud's money. */
  readonly credit: bigint
}

/** Binds a cloud's way to make worlds to one set of options: a new one, one as text, and one of that text. */
export const worldsOf = <Options extends { readonly timeline?: Partial<W["timeline"]> }, W extends World>(
  maker: WorldMaker<Options, W>,
  options: Partial<Options>,
  reach: World["reach"] = () => undefined
) => {
  const around = (state: W["state"], random: Random): W => {
    const base: World<W["state"], W["timeline"]> = {
      state,
      random,
      reach,
      timeline: { ...maker.timeline, ...options.timeline }
    }
    // A cloud that surrounds it with nothing has no more in its world.
    return maker.surround === undefined ? (base as W) : maker.surround(base, options)
  }
  return {
    create: ({ seed, now, credit }: WorldStart): W => {
      const random = createRandom(seed ^ 0x5bd1e995)
      const base: NewState = {
        version: snapshotVersion,
        seed,
        at: now,
        random: 0,
        credit,
        creditOut: credit <= 0n,
        due: []
      }
      return around(maker.begin(base, { options, random }), random)
    },
    store: (world: W): string => toSnapshot({ ...world.state, random: world.random.state() }),
    /** Throws for a text of another version. What it holds is trusted, as it was written here. */
    restore: (text: string): W => {
      const state = fromSnapshot(text) as W["state"]
      if (state.version !== snapshotVersion) throw new Error(`Unknown snapshot version ${String(state.version)}`)
      return around(state, createRandom(state.random))
    }
  }
}
