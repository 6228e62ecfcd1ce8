import {
  answers,
  type CloudControls,
  type FaultProxy,
  type Habit,
  type Harness,
  rowsAt,
  type SentRequest,
  type SimulatedRules,
  simulatedWorld,
  type World
} from "@anygpu/conformance"
import type { Offer } from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import {
  createLambdaSimulator,
  type LambdaChoices,
  type LambdaSimulator,
  type LambdaSimulatorOptions
} from "@anygpu/simulators"
import { lambda } from "./index.ts"

const apiKey = "secret_conformance_4c19a7e2b5d80f36"
const otherKey = "secret_conformance_others_8d1f04c7"
const sshKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90czAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2 conformance@lambda"

const refusal = (code: string, message: string) => ({ error: { code, message } })
const missing = answers(404, refusal("global/object-does-not-exist", "Specified instance does not exist."))
const full = refusal(
  "instance-operations/launch/insufficient-capacity",
  "Not enough capacity to fulfill launch request."
)

const isOne = (path: string): boolean => /^\/api\/v1\/instances\/[^/?]+$/.test(path)
const isEnd = ({ method, path }: SentRequest): boolean =>
  method === "POST" && path === "/api/v1/instance-operations/terminate"

/** The types of an answer: an object, by their names. */
const typesIn = (body: unknown) =>
  rowsAt(body, "data")
    .flatMap((types) => Object.values(types).flatMap((row) => rowsAt(row)))
    .filter((row) => "regions_with_capacity_available" in row)
    .flatMap((row) => rowsAt(row, "instance_type"))

const rules: SimulatedRules = {
  isMutating: (method) => method !== "GET",
  isCreate: ({ method, path }) => method === "POST" && path === "/api/v1/instance-operations/launch",
  bodies: { failed: refusal("global/unknown", "failed"), limited: refusal("global/unknown", "rate limit exceeded") },
  refusals: {
    capacity: answers(400, full),
    quota: answers(400, refusal("global/quota-exceeded", "Quota exceeded."))
    // How an account without money is refused is not documented: invoices come afterwards.
  },
  rows: {
    machines: { rows: (body) => rowsAt(body, "data").filter((row) => "status" in row), field: "name" },
    offers: { rows: typesIn, id: "name", field: "price_cents_per_hour" }
  },
  machines: {
    isRead: ({ method, path }) => method === "GET" && isOne(path),
    isEnd,
    absent: { read: missing, end: missing },
    refused: refusal("global/invalid-parameters", "not now"),
    strange: (body) => {
      for (const row of rowsAt(body, "data")) row.status = "hibernating"
    }
  }
}

/**
 * What can be done to Lambda.
 *
 * - `createRefusedForFunds` is not among them: no document says how an account that does not pay is refused.
 * - `createRefusedButMade` is not: no document shows a refused launch that leaves a machine.
 * - `breakLaterPages` and `endlessPages` are not: its lists have no pages.
 * - `sayOfBoot`, `exitMachine` and `writeLog` are not: Lambda says nothing of what runs on a machine.
 */
const controlsOn = (simulator: LambdaSimulator, { meet }: FaultProxy): Partial<CloudControls> => ({
  fillPages: () => Array.from({ length: 40 }, () => simulator.addMachine({ state: "unhealthy" })),
  unknownStatus: (id) => simulator.setStatus(id, "hibernating"),
  removeOutside: simulator.deleteOutside,
  freezeDestroy: (times) => meet(isEnd, answers(200, { data: { terminated_instances: [] } }), times),
  addDisk: ({ location: { region } }) => (region === null ? null : simulator.addDisk(region))
})

/** A launch with everything that fits together on the offer. */
const specOn = (offer: Offer) => ({
  ...{ offer, name: "training", os: "lambda-stack-22-04", sshKeys: [sshKey] },
  onStart: "#!/bin/bash\necho conformance-secret-4711 > /root/token"
})

const openWith =
  (choices: Partial<LambdaChoices> = {}, timeline: LambdaSimulatorOptions["timeline"] = {}) =>
  (habit?: Habit): World => {
    // The suite plays several processes, which know nothing of each other's calls, and counts what is sent.
    const usual = { timeline, choices: { limits: false, ...choices } }
    const simulator = createLambdaSimulator({ apiKey, ...usual })
    const others = createLambdaSimulator({ apiKey: otherKey, clock: simulator.clock, seed: 2, ...usual })
    const { proxy, sendOf, controls, ...world } = simulatedWorld(simulator, { ...rules, others, habit })
    return {
      ...world,
      connect: (key) => lambda({ apiKey: key, transport: fetchTransport(sendOf(key)) }).kinds.vms,
      factory: { make: lambda, variable: "LAMBDA_API_KEY" },
      spec: specOn,
      unknownId: "00000000000000000000000000000000",
      controls: { ...controls, ...controlsOn(simulator, proxy) }
    }
  }

/** The simulated Lambda as the conformance suite takes it. */
export const lambdaHarness: Harness = { name: "Lambda machines", open: openWith() }

/** The same under each answer to what Lambda's documents leave open. */
export const lambdaChoices: ReadonlyArray<Harness> = [
  { name: "Lambda machines, listed after their end", open: openWith({ listsTerminated: true }) },
  { name: "Lambda machines, forgotten at their end", open: openWith({}, { remembering: 0 }) },
  { name: "Lambda machines, whose second end is unknown", open: openWith({ endsAgain: "unknown" }) },
  {
    name: "Lambda machines, that cannot be ended while they boot",
    open: openWith({ endsBooting: false })
  },
  { name: "Lambda machines, billed from their launch", open: openWith({ billFrom: "launch" }) }
]
