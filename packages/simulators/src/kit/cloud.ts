import { createClock, type VirtualClock } from "../clock.ts"
import type { Door } from "./door.ts"
import type { OwnEffect } from "./fault.ts"
import { keepMachines, type MachineKeeper } from "./keeper.ts"
import type { MachineLogin } from "./login.ts"
import type { Machines, SshOptions } from "./machines.ts"
import type { Money } from "./money.ts"
import { createPast } from "./past.ts"
import { createSimulator, type Reachable, type Simulator } from "./simulator.ts"
import { type Life, live } from "./timeline.ts"
import type { MachineTruth } from "./truth.ts"
import type { EndBy } from "./usual-faults.ts"
import { type Timeline, type World, type WorldMaker, worldsOf } from "./world.ts"

/**
 * What a simulator of any cloud starts from. A cloud adds options of its own, and says in its docs what the defaults are.
 */
export interface SimulatorOptions<Phases extends Timeline = Timeline> {
  /** Default: an auto clock. A client in another process needs one with a speed, or nothing ever happens for it. */
  readonly clock?: VirtualClock
  /** Chooses ids, addresses, stock and jitter (default 1): the same seed gives the same world. */
  readonly seed?: number
  /** The key that is let in. */
  readonly apiKey?: string
  /** What the account has at first, in the cloud's currency. */
  readonly credit?: number
  /** Virtual milliseconds of each phase. */
  readonly timeline?: Partial<Phases>
  /** Where the API is. */
  readonly origin?: string
  /**
   * A world stored by `snapshot`: continues it. Seed, credit and whatever else a world begins with are then the stored
   * ones.
   */
  readonly snapshot?: string
  /**
   * Whether its machines can be logged in to, by real ssh on loopback addresses that its answers then tell (default
   * false). Needs Node. Time of what runs there is that of the clock: give one with a speed for what takes its time.
   */
  readonly ssh?: boolean | SshOptions | Machines
}

/** What can be done to a simulated cloud from outside its API, as a host, a competitor or its vendor would do it. */
export type ControlsOf<C> = { readonly [Name in keyof C]: (...args: never[]) => unknown }

/** A cloud as the kit simulates it: its rows and prices, its rules, and what people may do to it. */
export interface SimulatedCloud<
  Options,
  W extends World,
  Machine,
  Record,
  Own extends OwnEffect,
  Controls extends ControlsOf<Controls>
> extends WorldMaker<Options, W> {
  /** Where the API is when no option says so. */
  readonly origin: string
  /** Patterns of URLs on other hosts that the cloud answers too. */
  readonly otherUrls?: readonly string[]
  /** The key that is let in when no option says so. */
  readonly apiKey: string
  /** What the account has when no option says so. */
  readonly credit: number
  readonly money: Money
  readonly door: Door<W>
  readonly life: Life<W>
  /** What comes of new credit at once: reserves are filled, machines that wait for it go on. */
  readonly credited?: (world: W) => void
  /** Every machine ever made. */
  readonly machines: (world: W) => readonly Machine[]
  /** The same state, in which no machine was ever made. */
  readonly withoutMachines: (state: W["state"]) => W["state"]
  /** A machine as `machines()` shows it, in the cloud's own terms. */
  readonly record: (machine: Machine, world: W) => Record
  /** A machine as `truth()` shows it. */
  readonly truth: (machine: Machine, world: W) => MachineTruth
  /** How a machine that exists is logged in to; undefined for one without ssh, and for one that is gone. */
  readonly login?: (machine: Machine, world: W) => MachineLogin | undefined
  /** Units charged for a machine so far, reserves apart. */
  readonly spent: (machine: Machine) => bigint
  readonly endBy: EndBy<Own, W>
  /** The JSON body of a `status` fault that names none. */
  readonly faultBody: (status: number) => unknown
  /** What can be done to the cloud from outside. The world lives until now before and after each. */
  readonly controls: (world: W) => Controls
}

/** Makes functions of a world run on a world that lives now: brought up to date before each of them and after it. */
const settled = <Controls extends object>(controls: Controls, settle: () => void): Controls => {
  const functions: ReadonlyArray<readonly [string, unknown]> = Object.entries(controls)
  const around = (run: unknown) =>
    typeof run !== "function"
      ? run
      : (...args: unknown[]): unknown => {
          settle()
          const result: unknown = Reflect.apply(run, controls, args)
          settle()
          return result
        }
  return Object.fromEntries(functions.map(([name, run]) => [name, around(run)])) as Controls
}

/** The way to a cloud's world: fetch, a loopback port, faults, the record of requests. */
const reach = <
  Options extends SimulatorOptions<W["timeline"]>,
  W extends World,
  M,
  R,
  Own extends OwnEffect,
  C extends ControlsOf<C>
>(
  cloud: SimulatedCloud<Options, W, M, R, Own, C>,
  options: Partial<Options>,
  {
    world,
    clock,
    worlds,
    keeper
  }: {
    readonly world: W
    readonly clock: VirtualClock
    readonly worlds: Worlds<W>
    readonly keeper: MachineKeeper
  }
): Reachable<Own> => {
  const { door, life } = cloud
  const { apiKey = cloud.apiKey } = options
  return createSimulator<Own, W>({
    world,
    clock,
    apiKey,
    origin: new URL(options.origin ?? cloud.origin).origin,
    ...(cloud.otherUrls !== undefined && { otherUrls: cloud.otherUrls }),
    past: createPast({
      now: () => world.state.at,
      store: () => worlds.store(world),
      restore: worlds.restore,
      settle: (of, at) => live(of, at, life)
    }),
    truthIn: (of) => cloud.machines(of).map((machine) => cloud.truth(machine, of)),
    withoutMachines: (of) => ({ ...of, state: cloud.withoutMachines(of.state) }),
    authorized: (incoming) => door.isAuthorized(incoming, apiKey, world),
    templateOf: door.templateOf,
    settle: () => live(world, clock.monotonic(), life),
    follow: keeper.follow,
    answer: (of, incoming) => door.answer(of, incoming, apiKey),
    endBy: (effect, incoming, act) => cloud.endBy(effect, incoming, act, world),
    faultBody: cloud.faultBody
  })
}

interface Worlds<W> {
  store(world: W): string
  restore(text: string): W
}

/**
 * Makes the simulator of a cloud of what the cloud is: its rows and prices, its rules, and what people may do to it.
 *
 * - Everything happens on virtual time and only when somebody looks: there are no timers, no sockets and no files.
 * - Routing, keys, faults, virtual time, snapshots, the past, msw and the loopback server are the kit's.
 */
export const defineSimulator =
  <
    Options extends SimulatorOptions<W["timeline"]>,
    W extends World,
    Machine,
    Record,
    Own extends OwnEffect,
    Controls extends ControlsOf<Controls>
  >(
    cloud: SimulatedCloud<Options, W, Machine, Record, Own, Controls>
  ) =>
  (options: Partial<Options> = {}): Simulator<Own, Record> & Controls => {
    const { money } = cloud
    const worlds = worldsOf<Options, W>(cloud, options, (id) => keeper.addressOf(String(id)))
    const stored = options.snapshot === undefined ? undefined : worlds.restore(options.snapshot)
    const clock = options.clock ?? createClock(stored === undefined ? {} : { start: new Date(stored.state.at) })
    const { seed = 1, credit = cloud.credit } = options
    const world = stored ?? worlds.create({ seed, credit: money.toUnits(credit), now: clock.monotonic() })
    const account = {
      machines: () => cloud.machines(world).map((machine) => cloud.record(machine, world)),
      balance: () => money.toDollars(world.state.credit),
      spent: () => money.toDollars(cloud.machines(world).reduce((sum, machine) => sum + cloud.spent(machine), 0n)),
      addCredit: (amount: number) => {
        world.state.credit += money.toUnits(amount)
        cloud.credited?.(world)
      },
      snapshot: () => worlds.store(world)
    }
    const settle = () => live(world, clock.monotonic(), cloud.life)
    const keeper = keepMachines(options.ssh, {
      ...{ name: new URL(cloud.origin).host, clock, settle },
      logins: () => cloud.machines(world).flatMap((machine) => cloud.login?.(machine, world) ?? [])
    })
    return {
      ...reach(cloud, options, { world, clock, worlds, keeper }),
      ssh: keeper.ssh,
      ...settled(account, settle),
      ...settled(cloud.controls(world), settle)
    }
  }
