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
import { createVerdaSimulator, type VerdaSimulator, type VerdaSimulatorOptions } from "@anygpu/simulators"
import { verda } from "./index.ts"

const apiKey = "verda_conformance_4c19a7e2b5d80f36"
const otherKey = "verda_conformance_others_8d1f04c7"
const sshKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90czAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2 conformance@verda"

const refusal = (code: string, message: string) => ({ code, message })
const missing = answers(404, refusal("not_found", "Instance not found"))

const isOne = (path: string): boolean => /^\/v1\/instances\/[^/?]+$/.test(path)
const isAction = (method: string, path: string): boolean => method === "PUT" && path === "/v1/instances"

const rules: SimulatedRules = {
  isMutating: (method, path) => method !== "GET" && path !== "/v1/oauth2/token",
  isCreate: ({ method, path }) => method === "POST" && path === "/v1/instances",
  bodies: {
    failed: refusal("server_error", "failed"),
    limited: refusal("rate_limit_exceeded", "rate limit exceeded for the minute window")
  },
  refusals: {
    capacity: answers(503, refusal("service_unavailable", "No capacity available")),
    quota: answers(400, refusal("invalid_request", "Storage limit exceeded")),
    funds: answers(402, refusal("insufficient_funds", "Insufficient funds"))
  },
  rows: {
    machines: {
      rows: (body) =>
        [...rowsAt(body), ...(Array.isArray(body) ? rowsAt({ all: body }, "all") : [])].filter(
          (row) => "hostname" in row
        ),
      field: "hostname"
    },
    offers: {
      rows: (body) => (Array.isArray(body) ? rowsAt({ all: body }, "all").filter((row) => "supported_os" in row) : []),
      ...{ id: "instance_type", field: "name" }
    }
  },
  machines: {
    isRead: ({ method, path }) => method === "GET" && isOne(path),
    isEnd: ({ method, path, body }) => isAction(method, path) && Object(body).action === "delete",
    absent: { read: missing, end: missing },
    refused: refusal("invalid_request", "not now"),
    strange: (body) => Object.assign(Object(body), { status: "migrating" })
  }
}

/**
 * What can be done to Verda.
 *
 * - `createRefusedButMade` is not among them: no document shows a refused create that leaves a machine.
 * - Nor are pages: no list of machines has any. `sayOfBoot` is not: no field holds the cloud's words about a machine.
 */
const controlsOn = (simulator: VerdaSimulator, { meet }: FaultProxy): Partial<CloudControls> => ({
  unknownStatus: (id) => simulator.setStatus(id, "migrating"),
  removeOutside: simulator.deleteOutside,
  freezeDestroy: (times) =>
    meet(
      ({ method, path, body }) => isAction(method, path) && Object(body).action === "delete",
      answers(202, []),
      times
    ),
  exitMachine: simulator.stopOutside,
  addDisk: ({ location: { region } }) => (region === null ? null : simulator.addDisk(region))
})

/** A launch with everything that fits together on the offer, but for volumes: they cost by themselves, and stay. */
const specOn = (offer: Offer) => ({
  ...{ offer, name: "training", os: "ubuntu-24.04", sshKeys: [sshKey], diskMiB: 102_400, description: "a test" }
})

const open =
  (options: VerdaSimulatorOptions) =>
  (habit?: Habit): World => {
    const simulator = createVerdaSimulator({ credit: 10_000, ...options, apiKey })
    const others = createVerdaSimulator({ apiKey: otherKey, clock: simulator.clock, seed: 2, credit: 10_000 })
    const { proxy, sendOf, controls, ...world } = simulatedWorld(simulator, { ...rules, others, habit })
    return {
      ...world,
      connect: (key) => verda({ clientId: key, clientSecret: key, transport: fetchTransport(sendOf(key)) }).kinds.vms,
      factory: {
        make: verda,
        variable: { clientId: "VERDA_CLIENT_ID", clientSecret: "VERDA_CLIENT_SECRET" }
      },
      isLogin: ({ path }) => path === "/v1/oauth2/token",
      spec: specOn,
      unknownId: "00000000-0000-4000-8000-000000000000",
      controls: { ...controls, ...controlsOn(simulator, proxy) }
    }
  }

/** The simulated Verda as the conformance suite takes it. */
export const verdaHarness: Harness = { name: "Verda VMs", open: open({}) }

/** The same where the documents contradict what was seen: bare ids, ended machines in lists, 400 for what there is not. */
export const otherVerda: Harness = {
  name: "Verda VMs as seen live",
  open: open({ choices: { endedAs: "discontinued", idsAs: "text", missingAs: 400, repeatedEnd: 400 } })
}
