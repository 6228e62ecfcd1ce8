import { defineSimulator } from "../kit/cloud.ts"
import { createDoor } from "../kit/door.ts"
import type { CommonEffect, Fault } from "../kit/fault.ts"
import { chargeByTime, metered, meterLines } from "../kit/meter.ts"
import type { Simulator } from "../kit/simulator.ts"
import { type UsualEffect, usualFaults } from "../kit/usual-faults.ts"
import { outOfStock, refusal, unauthorized } from "./answers.ts"
import { controls, type ShadeformControls } from "./controls.ts"
import { isAlive, isUp, type Machine, money, ratesOf, take, typeOf } from "./machine.ts"
import { routes } from "./routes.ts"
import { loginOf } from "./row.ts"
import { type Volume, volumeRates } from "./volume.ts"
import { type ShadeformSimulatorOptions, shelfOf, type World, worlds } from "./world.ts"

/** What only a fault of Shadeform does to a request: `capacity` is the 409 of a create, `unknown-status` reads `hibernating`. */
export type ShadeformEffect = UsualEffect

/** What a fault does to a request: what any cloud's can do, and Shadeform's own. */
export type ShadeformFaultEffect = CommonEffect | ShadeformEffect

/** A fault to come. Paths begin with `/v1`. */
export type ShadeformFault = Fault<ShadeformEffect>

/** The truth about one machine, gone ones included. */
export interface ShadeformMachineRecord {
  readonly id: string
  readonly name: string
  readonly tags: readonly string[]
  readonly of: string
  /** Where it truly is, whatever its row reads. */
  readonly state: string
  /** When it ends by itself, as it was written last; null where nothing was. */
  readonly autoDelete: Machine["autoDelete"]
  /** How often it was rebooted. */
  readonly restarts: number
  /** Dollars that it came to. */
  readonly spent: number
}

/** A simulated Shadeform: an API, stock, machines, money and time. */
export interface ShadeformSimulator extends Simulator<ShadeformEffect, ShadeformMachineRecord>, ShadeformControls {}

const door = createDoor<World>({
  routes,
  isAuthorized: ({ headers }, apiKey) => headers.get("x-api-key") === apiKey,
  unauthorized: () => unauthorized,
  // A wrong verb is a 405, as seen live; how another path is answered is not documented.
  missing: (known) => (known ? { status: 405 } : refusal(404, "page not found"))
})

/** What a machine was made of: `massedcompute/A6000@kansascity-usa-1`, with `spot` after the type where it is. */
const rentedAs = ({ cloud, type, region, isSpot }: Machine): string => shelfOf(cloud, type, region, isSpot)

const kindOf = (machine: Machine) => typeOf(machine)?.deployment ?? "vm"

const rates = (one: Machine | Volume) => ("state" in one ? ratesOf(one) : volumeRates(one))

const define = defineSimulator({
  ...worlds,
  origin: "https://api.shadeform.ai",
  apiKey: "sf_sim_0123456789abcdef",
  credit: 100,
  ...{ money, door, controls },
  // What becomes of machines when the wallet is empty is not documented: they go on, and it goes below zero.
  life: { take, meter: chargeByTime(({ state }: World) => [...state.machines, ...state.volumes], rates) },
  machines: ({ state }) => state.machines,
  withoutMachines: (state) => ({ ...state, machines: [] }),
  record: (machine): ShadeformMachineRecord => ({
    ...{ id: machine.id, name: machine.name, tags: machine.tags, of: rentedAs(machine), state: machine.state },
    ...{ autoDelete: machine.autoDelete, restarts: machine.restarts, spent: money.toDollars(metered(machine.meter)) }
  }),
  login: loginOf,
  truth: (machine) => ({
    ...{ id: machine.id, name: machine.name, of: rentedAs(machine), kind: kindOf(machine), isUp: isUp(machine) },
    ...{ isAlive: isAlive(machine), isEnding: machine.isEnding, madeAt: machine.createdAt },
    endsAt: machine.autoDelete?.date_threshold ? Date.parse(machine.autoDelete.date_threshold) : null,
    lines: meterLines(machine.meter, money)
  }),
  spent: ({ meter }) => metered(meter),
  endBy: usualFaults({
    noCapacity: () => outOfStock("H100", "kansascity-usa-1"),
    fields: ["status"],
    status: "hibernating"
  }),
  faultBody: (status) => refusal(status, `simulated ${status}`).json
})

/**
 * Creates a simulated Shadeform.
 *
 * - Everything happens on virtual time and only when it is looked at: there are no timers, no sockets and no files.
 * - Where the documents are silent, see `ShadeformChoices` and the docstrings of the routes.
 */
export const createShadeformSimulator = (options: Partial<ShadeformSimulatorOptions> = {}): ShadeformSimulator =>
  define(options)
