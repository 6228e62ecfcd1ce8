import { defineSimulator } from "../kit/cloud.ts"
import { bearerIn, comesTooSoon, createDoor } from "../kit/door.ts"
import type { CommonEffect, Fault } from "../kit/fault.ts"
import type { Incoming, Reply } from "../kit/http.ts"
import { metered, meterLines } from "../kit/meter.ts"
import type { Simulator } from "../kit/simulator.ts"
import { placeOf } from "../kit/stock.ts"
import { type UsualEffect, usualFaults } from "../kit/usual-faults.ts"
import { noCapacity, notFound, refusal, tooMany, unauthorized } from "./answers.ts"
import { controls, type LambdaControls } from "./controls.ts"
import { type Instance, isAlive, isEnding, isUp, meter, money, take } from "./instance.ts"
import { routes } from "./routes.ts"
import { loginOf } from "./row.ts"
import { type LambdaSimulatorOptions, type World, worlds } from "./world.ts"

/** What only a fault of Lambda does to a request: `capacity` is the 400 of a launch, `unknown-status` reads `hibernating`. */
export type LambdaEffect = UsualEffect

/** What a fault does to a request: what any cloud's can do, and Lambda's own. */
export type LambdaFaultEffect = CommonEffect | LambdaEffect

/** A fault to come. Paths begin with `/api/v1`. */
export type LambdaFault = Fault<LambdaEffect>

/** The truth about one instance, gone ones included. */
export interface LambdaMachineRecord {
  readonly id: string
  readonly name: string | null
  readonly of: string
  readonly tags: Instance["tags"]
  /** Where it truly is, whatever its row reads. */
  readonly state: string
  /** USD that it came to. */
  readonly spent: number
}

/** A simulated Lambda: an API, stock, instances, money and time. */
export interface LambdaSimulator extends Simulator<LambdaEffect, LambdaMachineRecord>, LambdaControls {}

/** By `Bearer`, or as the user of HTTP Basic. Source: Lambda Cloud API 1.10.0, authentication. */
const isAuthorized = (incoming: Incoming, apiKey: string): boolean =>
  bearerIn(incoming) === apiKey || incoming.headers.get("authorization") === `Basic ${btoa(`${apiKey}:`)}`

const launchPath = "/api/v1/instance-operations/launch"

/** One request a second, one launch in 12. Source: as above. */
const limited = (
  { route }: { readonly route: { readonly path: string } },
  { state, choices }: World
): Reply | undefined => {
  if (!choices.limits) return undefined
  const now = state.at
  const isEarly = route.path === launchPath && comesTooSoon(state.calls, { name: "launch", now, most: 1, ms: 12_000 })
  return isEarly || comesTooSoon(state.calls, { name: "account", now, most: 1, ms: 1000 }) ? tooMany : undefined
}

const door = createDoor<World>({
  routes,
  isAuthorized,
  unauthorized: (_, { headers }) =>
    unauthorized(
      headers.has("authorization") ? "API key was invalid, expired, or deleted." : "No API key was provided."
    ),
  missing: () => notFound,
  refuse: limited
})

const define = defineSimulator({
  ...worlds,
  origin: "https://cloud.lambda.ai",
  apiKey: "secret_sim_0123456789abcdef",
  credit: 10_000,
  ...{ money, door, controls },
  life: { take, meter },
  machines: ({ state }) => state.instances,
  withoutMachines: (state) => ({ ...state, instances: [] }),
  record: ({ id, name, type, region, tags, state, meter: counted }): LambdaMachineRecord => ({
    ...{ id, name, of: placeOf(type, region), tags, state },
    spent: money.toDollars(metered(counted))
  }),
  login: loginOf,
  truth: (instance) => ({
    ...{ id: instance.id, name: instance.name ?? "", of: placeOf(instance.type, instance.region), kind: "vm" },
    ...{ isUp: isUp(instance), isAlive: isAlive(instance), isEnding: isEnding(instance), madeAt: instance.createdAt },
    lines: meterLines(instance.meter, money)
  }),
  spent: ({ meter: counted }) => metered(counted),
  endBy: usualFaults({ noCapacity: () => noCapacity, fields: ["status"], status: "hibernating" }),
  faultBody: (status) => refusal(status, "global/simulated", `simulated ${status}`).json
})

/**
 * Creates a simulated Lambda (Cloud API 1.10.0).
 *
 * - Everything happens on virtual time and only when it is looked at: there are no timers, no sockets and no files.
 * - Where the documents are silent, see `LambdaChoices` and the docstrings of the routes.
 */
export const createLambdaSimulator = (options: LambdaSimulatorOptions = {}): LambdaSimulator => define(options)
