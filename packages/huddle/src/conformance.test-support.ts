import {
  answers,
  type CloudControls,
  type FaultProxy,
  type Habit,
  type Harness,
  rowsAt,
  type SimulatedRules,
  simulatedWorld,
  type World
} from "@anygpu/conformance"
import type { Offer } from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import { createHuddleSimulator, type HuddleSimulator } from "@anygpu/simulators"
import { huddle } from "./index.ts"

const apiKey = "mk_conformance_4c19a7e2b5d80f36"
const otherKey = "mk_conformance_others_8d1f04c7"
const sshKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90czAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2 conformance@huddle"
const image = "ubuntu-24.04-cuda-13.0-open-docker"

/** An error in the documented form. */
const refusal = (code: string) => ({ code, error: "..." })

const isOne = (path: string): boolean => /^\/api\/v1\/deployments\/dep_[^/?]+$/.test(path)

/** Deployments and offers both stand in `data.data`, distinguished by the type, which only offers have. */
const rowsOf = (isOffer: boolean) => (body: unknown) =>
  [...rowsAt(body, "data", "data"), ...rowsAt(body, "data")].filter((row) => "instance_type" in row === isOffer)

const rules: SimulatedRules = {
  isMutating: (method) => method !== "GET",
  isCreate: ({ method, path }) => method === "POST" && path === "/api/v1/deployments/clusters",
  bodies: { failed: refusal("INTERNAL"), limited: refusal("RATE_LIMITED") },
  refusals: {
    capacity: answers(409, refusal("CONFLICT")),
    quota: answers(409, { code: "CONFLICT", error: "quota exceeded: 2 of 2 GPUs" }),
    funds: answers(402, refusal("INSUFFICIENT_CREDITS"))
  },
  rows: {
    machines: { rows: rowsOf(false), field: "hostname" },
    offers: { rows: rowsOf(true), id: "instance_type", field: "gpu_count" }
  },
  machines: {
    isRead: ({ method, path }) => method === "GET" && isOne(path),
    isEnd: ({ method, path }) => method === "DELETE" && isOne(path),
    absent: { read: answers(404, refusal("NOT_FOUND")), end: answers(404, refusal("NOT_FOUND")) },
    refused: refusal("BAD_REQUEST"),
    strange: (body) => Object.assign(Object(Object(body).data), { status: "destroyed" })
  }
}

/**
 * What can be done to Huddle01.
 *
 * - `createRefusedButMade` is not among them: no document shows a refused deploy that leaves a machine. An accepted one
 *   that finds no capacity is `failed_no_capacity`, which is no refusal.
 * - `sayOfBoot` is not either: no field of a machine holds the cloud's words about it.
 * - What a machine reads whose own system shuts down is not documented: `offline` is the one word for a halted one.
 */
const controlsOn = (simulator: HuddleSimulator, { meet, tamper }: FaultProxy): Partial<CloudControls> => ({
  fillPages: () => Array.from({ length: 45 }, () => simulator.addMachine()),
  breakLaterPages: () => meet(({ path }) => path.includes("cursor="), answers(500, refusal("INTERNAL"))),
  endlessPages: () => {
    let page = 0
    return tamper((body, { method, path }) => {
      const [row] = rowsAt(body, "data", "data")
      if (!row || method !== "GET" || !/\/deployments(?:\?|$)/.test(path)) return
      page += 1
      const data = [{ ...row, id: `dep_endless_${page}` }]
      Object.assign(Object(Object(body).data), { data, meta: { next_cursor: `page-${page}`, has_more: true } })
    })
  },
  unknownStatus: (id) => simulator.setStatus(id, "hibernating"),
  removeOutside: simulator.deleteOutside,
  freezeDestroy: (times) => meet(({ method }) => method === "DELETE", answers(200, { code: "OK" }), times),
  exitMachine: simulator.stopOutside
})

/**
 * A launch with everything that fits together on the offer.
 *
 * - No volumes, and no boot disk above the one that is in the price: what they cost is not documented, so that no limit on
 *   the price could be promised.
 */
const specOn = (offer: Offer) => ({
  ...{ offer, name: "training", os: image, sshKeys: [sshKey], diskMiB: 40_960, description: "conformance run" },
  ...(offer.location.region !== null && { location: offer.location.region })
})

const open = (habit?: Habit): World => {
  const simulator = createHuddleSimulator({ apiKey, credit: 10_000 })
  const others = createHuddleSimulator({ apiKey: otherKey, clock: simulator.clock, seed: 2 })
  const { proxy, sendOf, controls, ...world } = simulatedWorld(simulator, { ...rules, others, habit })
  return {
    ...world,
    connect: (key) => huddle({ apiKey: key, transport: fetchTransport(sendOf(key)) }).kinds.vms,
    factory: { make: huddle, variable: "HUDDLE_API_KEY" },
    spec: specOn,
    unknownId: "dep_000000000000",
    controls: { ...controls, ...controlsOn(simulator, proxy) }
  }
}

/** The simulated Huddle01 as the conformance suite takes it. */
export const huddleHarness: Harness = { name: "Huddle01 vms", open }
