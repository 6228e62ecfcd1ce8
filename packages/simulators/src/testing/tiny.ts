import {
  bearerIn,
  chargeByTime,
  createDoor,
  defineSimulator,
  type Meter,
  metered,
  meterLines,
  hourlyMoney as money,
  newMeter,
  ok,
  perMillisecond,
  planPhase,
  type Reply,
  routesOf,
  type Timeline,
  usualFaults,
  type World,
  type WorldState
} from "../kit/index.ts"

interface Box {
  readonly id: string
  readonly name: string
  readonly madeAt: number
  state: "booting" | "up" | "gone"
  readonly meter: Meter
}

interface Phases extends Timeline {
  readonly booting: number
}

interface State extends WorldState<string, "up"> {
  boxes: Box[]
}

type TinyWorld = World<State, Phases>

const notFound: Reply = { status: 404, json: { error: "no such box" } }

const add = (world: TinyWorld, name: string): Box => {
  const id = `b-${world.random.hex(6)}`
  const box: Box = { id, name, madeAt: world.state.at, state: "booting", meter: newMeter() }
  world.state.boxes.push(box)
  planPhase(world, id, world.timeline.booting, "up")
  return box
}

const rowOf = ({ id, name, state }: Box) => ({ id, name, state })

const routes = routesOf<TinyWorld>(
  ["GET /boxes", ({ world }) => ok({ boxes: world.state.boxes.map(rowOf) })],
  ["POST /boxes", ({ world, body }) => ok(rowOf(add(world, String(body.name))))],
  [
    "DELETE /boxes/{id}",
    ({ world, params }) => {
      const box = world.state.boxes.find(({ id }) => id === params.id)
      if (box === undefined) return notFound
      box.state = "gone"
      return { status: 204 }
    }
  ]
)

const isAlive = ({ state }: Box) => state !== "gone"

/** The smallest cloud that the kit can simulate: USD 3.60 an hour for a box that is up. */
export const createTinySimulator = defineSimulator({
  origin: "https://tiny.test",
  apiKey: "tiny-key",
  credit: 10,
  timeline: { booting: 60_000, jitter: 0 },
  begin: (base): State => ({ ...base, boxes: [] }),
  money,
  door: createDoor<TinyWorld>({
    routes,
    isAuthorized: (incoming, apiKey) => bearerIn(incoming) === apiKey,
    unauthorized: () => ({ status: 401, json: { error: "who are you" } }),
    missing: (known) => ({ status: known ? 405 : 404 })
  }),
  life: {
    take: ({ state }, { id }) => {
      for (const box of state.boxes) if (box.id === id && box.state === "booting") box.state = "up"
    },
    meter: chargeByTime(
      ({ state }: TinyWorld) => state.boxes,
      ({ state }) => ({ compute: state === "up" ? perMillisecond(3.6) : 0n, storage: 0n })
    ),
    broke: ({ state }) => {
      for (const box of state.boxes) box.state = "gone"
    }
  },
  machines: ({ state }) => state.boxes,
  withoutMachines: (state) => ({ ...state, boxes: [] }),
  record: (box) => ({ ...rowOf(box), spent: money.toDollars(metered(box.meter)) }),
  truth: (box) => ({
    ...{ id: box.id, name: box.name, of: "box", kind: "vm", madeAt: box.madeAt },
    ...{ isUp: box.state === "up", isAlive: isAlive(box), isEnding: false, lines: meterLines(box.meter, money) }
  }),
  spent: ({ meter }) => metered(meter),
  endBy: usualFaults({ noCapacity: () => ({ status: 409 }), fields: ["state"], status: "odd" }),
  faultBody: (status) => ({ error: `simulated ${status}` }),
  controls: (world) => ({ addMachine: (name: string) => add(world, name).id })
})
