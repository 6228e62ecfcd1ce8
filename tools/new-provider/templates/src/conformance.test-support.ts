import {
  answers,
  type FaultEffect,
  type Habit,
  type Harness,
  type Row,
  type SentRequest,
  type SimulatedRules,
  simulatedWorld,
  type World
} from "@anygpu/conformance"
import { fetchTransport } from "@anygpu/core/adapter"
import type { Launch } from "./from-domain.ts"
import { newCloud } from "./index.ts"
import { createNewCloudSimulator } from "./testing/simulator.ts"
import { unwritten } from "./unwritten.ts"

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

/** The machines in an answer: of a list, and of a read. */
const machinesIn = (_body: unknown): ReadonlyArray<Row> =>
  unwritten(here, "the machines in an answer, of a list and of a read: [...rowsAt(body, list), ...rowsAt(body)]")

const offersIn = (_body: unknown): ReadonlyArray<Row> =>
  unwritten(here, "the offers in an answer: rowsAt(body, list); and below a field of both rows")

/** How requests and answers of this cloud look. A test that needs what is left out is skipped: see `CloudControls`. */
const rules: SimulatedRules = {
  // A search that is sent with POST changes nothing either.
  isMutating: (method) => method !== "GET",
  isCreate,
  bodies: { failed: { error: "failed" }, limited: { error: "slow down" } },
  refusals: {
    capacity: async () => unwritten(here, "answers(status, body) as the cloud refuses when the offer is gone"),
    funds: async () => unwritten(here, "answers(status, body) as the cloud refuses when there is too little money")
  },
  rows: {
    machines: { rows: machinesIn, field: "name" },
    offers: { rows: offersIn, field: "gpu" }
  },
  machines: {
    isRead: (request) => request.method === "GET" && isOne(request),
    isEnd: (request) => request.method === "DELETE" && isOne(request),
    absent: { read: absent, end: absent },
    refused: { error: "not now" },
    strange: (body) => {
      for (const row of machinesIn(body)) row.state = "destroyed"
    }
  }
}

/** A launch on an offer with as many of the options of `launchOptions` as fit together. */
const specOn = (offer: Launch["offer"]): Launch => ({ offer, name: "conformance" })

const open = (habit?: Habit): World => {
  const simulator = createNewCloudSimulator({ credit: 1000 })
  const others = createNewCloudSimulator({ apiKey: "newcloud-key-of-others-51c0", clock: simulator.clock, seed: 2 })
  const { proxy, sendOf, controls, ...world } = simulatedWorld(simulator, { ...rules, others, habit })
  const baseUrl = simulator.origin
  return {
    ...world,
    connect: (apiKey) => newCloud({ apiKey, baseUrl, transport: fetchTransport(sendOf(apiKey)) }).kinds.vms,
    factory: { make: newCloud, variable: "NEWCLOUD_API_KEY" },
    spec: specOn,
    unknownId: "m-00000000",
    controls: {
      ...controls,
      unknownStatus: (id) => simulator.setStatus(id, "hibernating"),
      removeOutside: simulator.endOutside,
      freezeDestroy: (times) => proxy.meet(({ method }) => method === "DELETE", answers(200, {}), times)
    }
  }
}

/** The simulated cloud as the conformance suite takes it. */
export const newCloudHarness: Harness = { name: "NewCloud vms", open }
