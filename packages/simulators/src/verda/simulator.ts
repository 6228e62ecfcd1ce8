import { defineSimulator } from "../kit/cloud.ts"
import { bearerIn, comesTooSoon, createDoor } from "../kit/door.ts"
import type { CommonEffect, Fault } from "../kit/fault.ts"
import type { Incoming, Reply } from "../kit/http.ts"
import { chargeByTime, metered, meterLines } from "../kit/meter.ts"
import type { Simulator } from "../kit/simulator.ts"
import { type UsualEffect, usualFaults } from "../kit/usual-faults.ts"
import { missing, noCapacity, unauthorized } from "./answers.ts"
import { controls, type VerdaControls } from "./controls.ts"
import { broke, type Instance, isUp, loginOf, money, ratesOf, take } from "./instance.ts"
import { openPaths, routes } from "./routes.ts"
import { ratesOf as ratesOfVolume, type Volume } from "./volume.ts"
import { shelfOf, type VerdaSimulatorOptions, type World, worlds } from "./world.ts"

/** What only a fault of Verda does to a request: `capacity` is the 503 of a create, `unknown-status` reads `migrating`. */
export type VerdaEffect = UsualEffect

/** What a fault does to a request: what any cloud's can do, and Verda's own. */
export type VerdaFaultEffect = CommonEffect | VerdaEffect

/** A fault to come. Paths begin with `/v1`. */
export type VerdaFault = Fault<VerdaEffect>

/** The truth about one machine, gone ones included. */
export interface VerdaMachineRecord {
  readonly id: string
  readonly hostname: string
  readonly of: string
  /** Where it truly is, whatever its row reads. */
  readonly state: string
  /** USD that it came to, its disks with it while it had them. */
  readonly spent: number
}

/** A simulated Verda: an API, tokens, stock, machines, volumes, money and time. */
export interface VerdaSimulator extends Simulator<VerdaEffect, VerdaMachineRecord>, VerdaControls {}

const isLetIn = (incoming: Incoming, { state, lasting }: World): boolean => {
  const bearer = bearerIn(incoming)
  return (
    bearer !== undefined &&
    (bearer === lasting || state.tokens.some(({ value, until }) => value === bearer && until > state.at))
  )
}

const minute = 60_000

/** Source: Verda API v1, change log of 2026-03-11: headers and limits. */
const tooSoon = ({ state, limits }: World, { method, url }: Incoming): Reply | undefined => {
  if (!limits) return undefined
  const most = method === "GET" && /^\/v1\/(instances|volumes)$/.test(url.pathname) ? 120 : 60
  const of = { now: state.at, ms: minute }
  const isLate =
    comesTooSoon(state.calls, { ...of, name: `${method} ${url.pathname}`, most }) ||
    comesTooSoon(state.calls, { ...of, name: "project", most: 500 })
  if (!isLate) return undefined
  const headers = {
    ...{ "ratelimit-policy": '"project";q=500;w=60, "endpoint";q=60;w=60', "retry-after": "10" },
    ratelimit: '"project";r=1;t=10, "endpoint";r=0;t=10'
  }
  return { status: 429, json: { code: "rate_limit_exceeded", message: "Rate limit exceeded" }, headers }
}

const door = createDoor<World>({
  routes: routes.map((route) => ({
    ...route,
    handler: (call) => tooSoon(call.world, call.incoming) ?? route.handler(call)
  })),
  isAuthorized: (incoming, _, world) => isLetIn(incoming, world),
  unauthorized: ({ route }) => (openPaths.includes(route.path) ? undefined : unauthorized("Unauthorized")),
  missing: () => missing("Not found")
})

const isInstance = (one: Instance | Volume): one is Instance => "hostname" in one

const define = defineSimulator({
  ...worlds,
  origin: "https://api.verda.com",
  apiKey: "verda_sim_0123456789abcdef",
  credit: 100,
  ...{ money, door, controls },
  life: {
    ...{ take, broke },
    meter: {
      charge: (world: World, ms: number) => meterOf(world).charge(world, ms),
      untilBreak: (world: World) => meterOf(world).untilBreak(world)
    }
  },
  machines: ({ state }) => state.instances,
  withoutMachines: (state) => ({ ...state, instances: [], volumes: [] }),
  record: ({ meter, type, place, isSpot, ...machine }): VerdaMachineRecord => ({
    ...{ id: machine.id, hostname: machine.hostname, of: shelfOf(type, place, isSpot), state: machine.state },
    spent: money.toDollars(metered(meter))
  }),
  login: loginOf,
  truth: ({ type, place, isSpot, ...machine }) => ({
    ...{ id: machine.id, name: machine.hostname, of: shelfOf(type, place, isSpot), kind: "vm" },
    ...{ isUp: isUp({ type, place, isSpot, ...machine }), isAlive: machine.state !== "discontinued", isEnding: false },
    ...{ madeAt: machine.createdAt, lines: meterLines(machine.meter, money) }
  }),
  spent: ({ meter }) => metered(meter),
  endBy: usualFaults({ noCapacity: () => noCapacity, fields: ["status"], status: "migrating" }),
  faultBody: (status) => ({ code: "server_error", message: `simulated ${status}` })
})

/** Machines with their disks, and the volumes that no machine has. */
const meterOf = (of: World) =>
  chargeByTime<World, Instance | Volume>(
    ({ state }) => [...state.instances, ...state.volumes],
    (one) => (isInstance(one) ? ratesOf(of, one) : ratesOfVolume(one))
  )

/**
 * Creates a simulated Verda (API v1).
 *
 * - Everything happens on virtual time and only when it is looked at: there are no timers, no sockets and no files.
 * - Where the documents are silent, see `VerdaChoices` and the docstrings of the routes.
 */
export const createVerdaSimulator = (options: VerdaSimulatorOptions = {}): VerdaSimulator => define(options)
