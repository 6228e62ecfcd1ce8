import {
  chargeByTime,
  createDoor,
  defineSimulator,
  type Incoming,
  type Meter,
  metered,
  meterLines,
  hourlyMoney as money,
  newMeter,
  planPhase,
  type Rates,
  routesOf,
  type Timeline,
  usualFaults,
  type World,
  type WorldState
} from "@anygpu/simulators/kit"
import { refuseUnwrittenPath, unwritten } from "../unwritten.ts"

const here = "src/testing/simulator.ts"

/** A machine as the simulated cloud keeps it. */
interface Machine {
  readonly id: string
  /** As it was sent, with the marker. */
  readonly name: string
  readonly offer: string
  readonly madeAt: number
  readonly meter: Meter
  /** In the cloud's own words. */
  state: string
}

/** What happens to a machine by itself. */
type Step = "booted" | "ended"

/** Virtual milliseconds of each phase. */
interface Phases extends Timeline {
  readonly booting: number
  readonly ending: number
}

interface State extends WorldState<string, Step> {
  machines: Machine[]
}

/** The cloud: what is stored of it, chance, and its phases. */
export type NewCloudWorld = World<State, Phases>

/** What each step makes of a machine's state, and which states are which. */
const words = (): { readonly booting: string; readonly up: string; readonly ended: string } =>
  unwritten(here, "the cloud's words for a machine that boots, that is up and that is gone")

const isAlive = ({ state }: Machine): boolean => state !== words().ended

/** What a machine costs per millisecond by its state: `perMillisecond(dollarsPerHour)`, `0n`. */
const ratesOf = (_machine: Machine): Rates =>
  unwritten(here, "what a machine costs by its state: { compute, storage }, in units per millisecond")

/** For the route that rents: a machine that boots. */
export const add = (world: NewCloudWorld, name: string, offer: string): Machine => {
  const { state, random, timeline } = world
  const id = `m-${random.hex(8)}`
  const machine = { id, name, offer, madeAt: state.at, meter: newMeter(), state: words().booting }
  state.machines.push(machine)
  planPhase(world, id, timeline.booting, "booted")
  return machine
}

/** For the route that ends: it is gone a while later. */
export const end = (world: NewCloudWorld, { id }: Machine): void => planPhase(world, id, world.timeline.ending, "ended")

/** What the cloud answers: `["GET /v1/machines", ({ world }) => ok({ rows: world.state.machines.map(rowOf) })]`. */
const routes = routesOf<NewCloudWorld>()

/** Whether the request has the key as the cloud wants it. */
const isAuthorized = (_incoming: Incoming, _apiKey: string): boolean =>
  unwritten(here, "whether the key stands where the cloud wants it: bearerIn(incoming) === apiKey, or a header")

/**
 * The cloud in memory: what its documents say of its HTTP surface, over machines, money and virtual time.
 *
 * - It uses nothing of the adapter: what both had wrong in common, no test would find.
 */
export const createNewCloudSimulator = defineSimulator({
  origin: "https://newcloud.test",
  apiKey: "newcloud-sim-key-0123456789abcdef",
  credit: 100,
  timeline: { booting: 30_000, ending: 5000, jitter: 0.2 },
  begin: (base): State => ({ ...base, machines: [] }),
  money,
  door: createDoor<NewCloudWorld>({
    routes,
    isAuthorized,
    unauthorized: () => ({ status: 401, json: { error: "unauthorized" } }),
    missing: () => unwritten(here, "the routes; then what is answered where no route is: ({ status: 404, json })"),
    before: (_, { url }) => {
      refuseUnwrittenPath(url.pathname)
      return undefined
    }
  }),
  life: {
    take: ({ state }, { id, step }) => {
      for (const machine of state.machines)
        if (machine.id === id && isAlive(machine)) machine.state = step === "booted" ? words().up : words().ended
    },
    meter: chargeByTime(({ state }: NewCloudWorld) => state.machines, ratesOf)
  },
  machines: ({ state }) => state.machines,
  withoutMachines: (state) => ({ ...state, machines: [] }),
  record: ({ id, name, state, meter }) => ({ id, name, state, spent: money.toDollars(metered(meter)) }),
  truth: (machine, { state }) => ({
    ...{ id: machine.id, name: machine.name, of: machine.offer, kind: "vm", madeAt: machine.madeAt },
    ...{ isUp: machine.state === words().up, isAlive: isAlive(machine) },
    isEnding: state.due.some(({ id, step }) => id === machine.id && step === "ended"),
    lines: meterLines(machine.meter, money)
  }),
  spent: ({ meter }) => metered(meter),
  endBy: usualFaults({
    noCapacity: () => unwritten(here, "how the cloud refuses when the offer is gone: ({ status, json })"),
    fields: ["state"],
    status: "hibernating"
  }),
  faultBody: (status) => ({ error: `simulated ${status}` }),
  controls: ({ state }) => {
    const known = (id: string): Machine => {
      const machine = state.machines.find((one) => one.id === id)
      if (machine === undefined) throw new Error(`the simulator has no machine ${id}`)
      return machine
    }
    return {
      setStatus: (id: string, word: string) => {
        known(id).state = word
        state.due = state.due.filter((due) => due.id !== id)
      },
      endOutside: (id: string) => {
        known(id).state = words().ended
      }
    }
  }
})
