import {
  answers,
  type CloudControls,
  type FaultEffect,
  type FaultProxy,
  faultProxy,
  type Harness,
  type SentRequest,
  type World
} from "@anygpu/conformance"
import { fetchTransport } from "@anygpu/core/adapter"
import { createClock } from "@anygpu/simulators"
import type { Launch } from "./from-domain.ts"
import { newCloud } from "./index.ts"
import { createSimulator } from "./testing/simulator.ts"
import { unwritten } from "./unwritten.ts"

const apiKey = "newcloud-conformance-key-7d20c4"
const here = "src/conformance.test-support.ts"

/** Whether a request rents a machine. */
const isCreate = (_request: SentRequest): boolean =>
  unwritten(here, 'which request rents: method === "POST" && path === "/v1/machines"')

/** Whether a request is about one machine: what reads it, and what ends it, has its path. */
const isOne = (_request: SentRequest): boolean =>
  unwritten(here, "which path is of one machine: that of a list, a part, and no more")

/** The cloud's own words for "no such machine". */
const absent: FaultEffect = async () =>
  unwritten(here, "answers(status, body) as the cloud says that there is no such machine")

/** Whether a request could change something or cost money: a search that is sent with POST does not. */
const isMutating = (method: string): boolean => method !== "GET"

/** A launch on an offer with as many of the options of `launchOptions` as fit together. */
const specOn = (offer: Launch["offer"]): Launch => ({ offer, name: "conformance" })

/** The rows of a list that stands in a field of an answer. */
const rowsIn = (body: unknown, list: string): ReadonlyArray<Record<string, unknown>> => {
  const found = typeof body === "object" && body !== null ? Reflect.get(body, list) : undefined
  return Array.isArray(found) ? found : []
}

/** What can be done to this cloud. A test that needs a control that is not here is skipped: see `CloudControls`. */
const controlsOn = (
  simulator: ReturnType<typeof createSimulator>,
  { meet, tamper, controls }: FaultProxy
): Partial<CloudControls> => {
  const known = (id: string) => {
    const machine = simulator.machines.get(id)
    if (!machine) throw new Error(`the simulator has no machine ${id}`)
    return machine
  }
  /** Gives a field of one row another shape: of the first row, or of the one with this id. */
  const spoil = (list: string, field: string, id?: string): void => {
    tamper((body) => {
      const row = rowsIn(body, list).find((one) => id === undefined || one.id === id)
      if (row) row[field] = { odd: true }
    })
  }
  return {
    ...controls,
    createRefusedForCapacity: () =>
      unwritten(here, "create(answers(status, body)) as the cloud refuses when the offer is gone"),
    createRefusedForFunds: () =>
      unwritten(here, "create(answers(status, body)) as the cloud refuses when there is too little money"),
    malformMachine: (id) => spoil(unwritten(here, "the list of machines, and a text in its rows"), "name", id),
    malformOffer: () => spoil(unwritten(here, "the list of offers, and a text in its rows"), "gpu"),
    unknownStatus: (id) => {
      known(id).state = "hibernating"
    },
    removeOutside: (id) => {
      known(id).ended = true
    },
    freezeDestroy: (times) => meet(({ method }) => method === "DELETE", answers(200, {}), times)
  }
}

const open = (): World => {
  const time = createClock()
  const simulator = createSimulator(apiKey, time)
  const way = faultProxy({
    fetch: simulator.fetch,
    isMutating,
    isCreate,
    bodies: { failed: { error: "failed" }, limited: { error: "slow down" } },
    machines: {
      isRead: (request) => request.method === "GET" && isOne(request),
      isEnd: (request) => request.method === "DELETE" && isOne(request),
      absent: { read: absent, end: absent },
      refused: { error: "not now" },
      strange: (body) => Object.assign(Object(body), { state: "destroyed" }),
      living: () => [...simulator.machines.values()].flatMap(({ id, ended }) => (ended ? [] : [id]))
    }
  })
  return {
    secret: apiKey,
    time,
    connect: (key) =>
      newCloud({ apiKey: key, baseUrl: "https://newcloud.test", transport: fetchTransport(way.send) }).kinds.vms,
    factory: { make: newCloud, variable: "NEWCLOUD_API_KEY" },
    spec: specOn,
    unknownId: "m-999999",
    machines: () =>
      [...simulator.machines.values()].map((machine) => ({
        ...{ id: machine.id, name: machine.name, alive: !machine.ended, running: simulator.isUp(machine) }
      })),
    requests: way.requests,
    controls: controlsOn(simulator, way),
    close: () => time.close()
  }
}

/** The simulated cloud as the conformance suite takes it. */
export const newCloudHarness: Harness = { name: "NewCloud vms", open }
