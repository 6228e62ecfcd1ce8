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
import { createShadeformSimulator, type ShadeformChoices, type ShadeformSimulator } from "@anygpu/simulators"
import { shadeform } from "./index.ts"

const apiKey = "sf_conformance_4c19a7e2b5d80f36"
const otherKey = "sf_conformance_others_8d1f04c7"
const sshKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90czAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2 conformance@shadeform"

export type KindName = keyof ReturnType<typeof shadeform>["kinds"]

const siblings = { vms: "containers", containers: "baremetal", baremetal: "vms" } as const

/** Machines of other people, by kind: a type of it, and where that stands. */
const strangers = {
  vms: { cloud: "massedcompute", type: "A6000", region: "kansascity-usa-1" },
  containers: { cloud: "excesssupply", type: "RTX4090", region: "desmoines-usa-1" },
  baremetal: { cloud: "latitude", type: "L40Sx2", region: "dallas-usa-1" }
} as const

const missing = answers(404, { error: "instance not found" })
const funds = { error_code: "INSUFFICIENT_FUNDS", error: "Balance must be a minimum of $5 to launch an instance." }
const capacity = { error_code: "OUT_OF_STOCK", error: "The instance type [A6000] is not available in the region [x]" }

const isOne = (path: string, verb: string): boolean => new RegExp(`^/v1/instances/[^/?]+/${verb}$`).test(path)

const words = { vms: "vm", containers: "container", baremetal: "baremetal" } as const

const rulesOf = (kind: KindName): SimulatedRules => ({
  isMutating: (method) => method !== "GET",
  isCreate: ({ method, path }) => method === "POST" && path === "/v1/instances/create",
  bodies: { failed: { error: "failed" }, limited: { error: "rate limit exceeded" } },
  refusals: { capacity: answers(409, capacity), funds: answers(409, funds) },
  rows: {
    machines: { rows: (body) => [...rowsAt(body, "instances"), ...rowsAt(body)], field: "name" },
    offers: {
      rows: (body) => rowsAt(body, "instance_types").filter((row) => row.deployment_type === words[kind]),
      ...{ id: "shade_instance_type", field: "hourly_price" }
    }
  },
  machines: {
    isRead: ({ method, path }) => method === "GET" && isOne(path, "info"),
    isEnd: ({ method, path }) => method === "POST" && isOne(path, "delete"),
    absent: { read: missing, end: missing },
    refused: { error: "not now" },
    strange: (body) => Object.assign(Object(body), { status: "destroyed" })
  }
})

/** The simulated clouds behind that have volumes; others have none. */
const cloudsWithVolumes = /^(nebius|latitude|excesssupply)\+/

/**
 * What can be done to Shadeform.
 *
 * - `createRefusedForQuota` is not among them: no document says how a limit on machines refuses.
 * - `createRefusedButMade` is not: no document shows a refused create that leaves a machine.
 * - `breakLaterPages` and `endlessPages` are not: every list is whole.
 * - `exitMachine` is not: that the workload of a machine has ended shows in no field that a document has.
 */
const controlsOn = (simulator: ShadeformSimulator, { meet }: FaultProxy, kind: KindName): Partial<CloudControls> => ({
  fillPages: () => Array.from({ length: 40 }, () => simulator.addMachine(strangers[kind])),
  unknownStatus: (id) => simulator.setStatus(id, "hibernating"),
  removeOutside: simulator.deleteOutside,
  freezeDestroy: (times) =>
    meet(({ method, path }) => method === "POST" && isOne(path, "delete"), answers(200, ""), times),
  sayOfBoot: simulator.holdBoot,
  forgetsEnds: () => meet(({ method, path }) => method === "POST" && isOne(path, "update"), answers(200, ""), Infinity),
  addDisk: ({ id, location: { region } }) =>
    region !== null && cloudsWithVolumes.test(id) ? simulator.addDisk(region) : null
})

/** A launch with everything that fits together on the offer; a container, which rules a script out. */
const specOn = (offer: Offer) => ({
  ...{ offer, name: "training", sshKeys: [sshKey], os: "ubuntu22.04", image: "ghcr.io/me/vllm:v1" },
  ...{ env: { HF_TOKEN: "hf-conformance-secret-4711" }, ports: [{ port: 8000 }], command: ["--model", "me/zephyr"] },
  registry: { host: "ghcr.io", username: "me", password: "registry-conformance-secret" }
})

const open = (kind: KindName, choices: Partial<ShadeformChoices>, habit?: Habit): World => {
  const simulator = createShadeformSimulator({ apiKey, credit: 10_000, choices })
  const others = createShadeformSimulator({ apiKey: otherKey, clock: simulator.clock, seed: 2, credit: 10_000 })
  const { proxy, sendOf, controls, ...world } = simulatedWorld(simulator, { ...rulesOf(kind), others, habit })
  const kindsOf = (key: string) => shadeform({ apiKey: key, transport: fetchTransport(sendOf(key)) }).kinds
  return {
    ...world,
    connect: (key) => kindsOf(key)[kind],
    sibling: (key) => kindsOf(key)[siblings[kind]],
    factory: { make: shadeform, variable: "SHADEFORM_API_KEY" },
    spec: specOn,
    unknownId: "00000000-0000-4000-8000-000000000000",
    controls: { ...controls, ...controlsOn(simulator, proxy, kind) }
  }
}

/** The simulated Shadeform as the conformance suite takes it, for one of its kinds, with what its documents leave open. */
export const shadeformHarness = (kind: KindName, choices: Partial<ShadeformChoices> = {}): Harness => ({
  name: `Shadeform ${kind}`,
  open: (habit) => open(kind, choices, habit)
})
