import { defineSimulator } from "../kit/cloud.ts"
import { bearerIn, createDoor } from "../kit/door.ts"
import type { CommonEffect, Fault } from "../kit/fault.ts"
import { chargeByTime, metered, meterLines } from "../kit/meter.ts"
import type { Simulator } from "../kit/simulator.ts"
import { placeOf } from "../kit/stock.ts"
import { type UsualEffect, usualFaults } from "../kit/usual-faults.ts"
import { noCapacity, problem } from "./answers.ts"
import { book } from "./billing.ts"
import { controls, type RunpodControls } from "./controls.ts"
import { broke, isAlive, isUp, money, type Pod, ratesOf, take } from "./pod.ts"
import { routes } from "./routes.ts"
import { loginOf } from "./row.ts"
import { type NetworkVolume, volumeRates } from "./volume.ts"
import { type RunpodSimulatorOptions, type World, worlds } from "./world.ts"

/** What only a fault of Runpod does to a request: `capacity` is the 400 of a create, `unknown-status` reads `HIBERNATING`. */
export type RunpodEffect = UsualEffect

/** What a fault does to a request: what any cloud's can do, and Runpod's own. */
export type RunpodFaultEffect = CommonEffect | RunpodEffect

/** A fault to come. Paths begin with `/v2`. */
export type RunpodFault = Fault<RunpodEffect>

/** The truth about one pod, gone ones included. */
export interface RunpodMachineRecord {
  readonly id: string
  readonly name: string
  readonly of: string
  /** Where it truly is, whatever its row reads. */
  readonly state: string
  /** USD that it came to. */
  readonly spent: number
}

/** A simulated Runpod: an API, stock, pods, money and time. */
export interface RunpodSimulator extends Simulator<RunpodEffect, RunpodMachineRecord>, RunpodControls {}

/** Source: Runpod API v2, createPod: a larger one is refused before the key is looked at. */
const mostBytes = 102_400

const door = createDoor<World>({
  routes,
  isAuthorized: (incoming, apiKey) => bearerIn(incoming) === apiKey,
  unauthorized: () => problem(401, "missing bearer token"),
  missing: (known) => (known ? problem(405, "method not allowed") : problem(404, "resource not found")),
  before: (_, { body }) => (body.length > mostBytes ? problem(413, "request too large") : undefined)
})

/** What a pod was made of, in one text: `NVIDIA L4 x2 SECURE@US-KS-2`. */
const rentedAs = ({ gpu, cpu, cloud, place }: Pick<Pod, "gpu" | "cpu" | "cloud" | "place">): string =>
  placeOf(`${gpu?.id ?? cpu?.id} x${gpu?.count ?? cpu?.vcpuCount} ${cloud}`, place)

type Paid = Pod | NetworkVolume

const isPod = (one: Paid): one is Pod => "state" in one
const rates = (one: Paid) => (isPod(one) ? ratesOf(one) : volumeRates(one))
const paid = ({ state }: World): readonly Paid[] => [...state.pods, ...state.volumes]

const sortOf = (one: Paid) =>
  isPod(one) ? (one.gpu ? "gpu" : "cpu") : one.type === "HIGH_PERFORMANCE" ? "highPerformance" : "standard"

const byTime = chargeByTime(paid, rates)

/** Charges by time, and writes the spend history. */
const meter: typeof byTime = {
  ...byTime,
  charge: (world, ms) => {
    const charged = paid(world).map((one) => ({ id: one.id, sort: sortOf(one), rates: rates(one) }) as const)
    if (ms > 0) book(world, charged, ms)
    byTime.charge(world, ms)
  }
}

const define = defineSimulator({
  ...worlds,
  origin: "https://api.runpod.io",
  apiKey: "rpa_sim_0123456789abcdef",
  credit: 100,
  ...{ money, door, controls },
  life: { take, broke, meter },
  machines: ({ state }) => state.pods,
  withoutMachines: (state) => ({ ...state, pods: [] }),
  record: ({ meter, ...pod }): RunpodMachineRecord => ({
    ...{ id: pod.id, name: pod.name, of: rentedAs(pod), state: pod.state },
    spent: money.toDollars(metered(meter))
  }),
  login: loginOf,
  truth: (pod) => ({
    ...{ id: pod.id, name: pod.name, of: rentedAs(pod), kind: "container" },
    ...{ isUp: isUp(pod), isAlive: isAlive(pod), isEnding: false, madeAt: pod.createdAt },
    lines: meterLines(pod.meter, money)
  }),
  spent: ({ meter }) => metered(meter),
  endBy: usualFaults({ noCapacity: () => noCapacity, fields: ["status"], status: "HIBERNATING" }),
  faultBody: (status) => problem(status, `simulated ${status}`).json
})

/**
 * Creates a simulated Runpod (REST API v2).
 *
 * - Everything happens on virtual time and only when it is looked at: there are no timers, no sockets and no files.
 * - Where the documents are silent, see `RunpodChoices` and the docstrings of the routes.
 */
export const createRunpodSimulator = (options: RunpodSimulatorOptions = {}): RunpodSimulator => define(options)
