import {
  answers,
  type Carrier,
  carrier,
  type Harness,
  type SentRequest,
  type Strokes,
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
  unwritten(`${here}: which request rents: method === "POST" && path === "/v1/machines"`)

/** Whether a request could change something or cost money: a search that is sent with POST does not. */
const isMutating = (method: string): boolean => method !== "GET"

/** A launch on an offer with as many of the options of `launchOptions` as fit together. */
const specOn = (offer: Launch["offer"]): Launch => ({ offer, name: "conformance" })

/** What can be done to this cloud. A test that needs a stroke that is not here is skipped: see `Strokes`. */
const strokesOn = (simulator: ReturnType<typeof createSimulator>, { meet, strokes }: Carrier): Partial<Strokes> => {
  const known = (id: string) => {
    const machine = simulator.machines.get(id)
    if (!machine) throw new Error(`the simulator has no machine ${id}`)
    return machine
  }
  const refuses = (what: string) => (): never =>
    unwritten(`${here}: create(answers(status, body)) as the cloud refuses when ${what}; its code in src/errors.ts`)
  return {
    ...strokes,
    createRefusedForCapacity: refuses("the offer is gone"),
    createRefusedForFunds: refuses("there is too little money"),
    malformMachine: () => unwritten(`${here}: tamper(body => ...) with a field of this machine's row in the list`),
    malformOffer: () => unwritten(`${here}: tamper(body => ...) with a field of one row of the offers`),
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
  const way = carrier({
    fetch: simulator.fetch,
    isMutating,
    isCreate,
    bodies: { failed: { error: "failed" }, limited: { error: "slow down" } }
  })
  return {
    secret: apiKey,
    time,
    connect: (key) =>
      newCloud({ apiKey: key, baseUrl: "https://newcloud.test", transport: fetchTransport(way.send) }).kinds.vms,
    spec: specOn,
    unknownId: "m-999999",
    machines: () =>
      [...simulator.machines.values()].map((machine) => ({
        ...{ id: machine.id, name: machine.name, alive: !machine.ended, running: simulator.isUp(machine) }
      })),
    requests: way.requests,
    strokes: strokesOn(simulator, way),
    close: () => time.close()
  }
}

/** The simulated cloud as the conformance suite takes it. */
export const newCloudHarness: Harness = { name: "NewCloud vms", open }
