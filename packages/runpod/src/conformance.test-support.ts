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
import type { Offer, WorkloadUpdate } from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import { createRunpodSimulator, type RunpodSimulator } from "@anygpu/simulators"
import { runpod } from "./index.ts"

const apiKey = "rpa_conformance_4c19a7e2b5d80f36"
const otherKey = "rpa_conformance_others_8d1f04c7"
const sshKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90czAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2 conformance@runpod"

/** A problem in the documented form. */
const problem = (status: number, detail: string) => ({ title: "Problem", status, detail })
const missing = answers(404, problem(404, "pod not found"))
const noCapacity =
  "There are no longer any instances available with the requested specifications. Please refresh and try again."

const isOne = (path: string): boolean => /^\/v2\/pods\/[^/?]+$/.test(path)

const rules: SimulatedRules = {
  isMutating: (method, path) => method !== "GET" && path !== "/graphql",
  isCreate: ({ method, path }) => method === "POST" && path === "/v2/pods",
  bodies: { failed: problem(500, "failed"), limited: problem(429, "rate limit exceeded for the minute window") },
  refusals: {
    capacity: answers(400, problem(400, noCapacity)),
    // How a spend limit refuses is not documented.
    funds: answers(402, problem(402, "insufficient balance"))
  },
  rows: {
    machines: { rows: (body) => [...rowsAt(body, "pods"), ...rowsAt(body)], field: "name" },
    offers: { rows: (body) => rowsAt(body, "gpus"), field: "memory" }
  },
  machines: {
    isRead: ({ method, path }) => method === "GET" && isOne(path),
    isEnd: ({ method, path }) => method === "DELETE" && isOne(path),
    absent: { read: missing, end: missing },
    refused: problem(400, "not now"),
    strange: (body) => Object.assign(Object(body), { status: "DESTROYED" })
  }
}

/**
 * What can be done to Runpod.
 *
 * - `createRefusedForQuota` is not among them: no document says how a limit on spending refuses.
 * - `createRefusedButMade` is not: no document shows a refused create that leaves a pod.
 * - `sayOfBoot` is not: no field of a pod holds the cloud's words about it.
 */
const controlsOn = (simulator: RunpodSimulator, { meet, tamper }: FaultProxy): Partial<CloudControls> => ({
  fillPages: () => Array.from({ length: 1010 }, () => simulator.addMachine({ state: "ERROR" })),
  breakLaterPages: () => meet(({ path }) => path.includes("cursor="), answers(500, problem(500, "failed"))),
  endlessPages: () => {
    let page = 0
    return tamper((body, { method, path }) => {
      const [row] = rowsAt(body, "pods")
      if (!row || method !== "GET" || !/^\/v2\/pods(\?|$)/.test(path)) return
      page += 1
      const pods = [{ ...row, id: `endless${page}` }]
      Object.assign(Object(body), { pods, pagination: { nextCursor: `page-${page}`, hasNextPage: true } })
    })
  },
  unknownStatus: (id) => simulator.setStatus(id, "HIBERNATING"),
  removeOutside: simulator.deleteOutside,
  freezeDestroy: (times) => meet(({ method }) => method === "DELETE", answers(200, {}), times),
  exitMachine: simulator.stopOutside,
  writeLog: simulator.writeLog,
  // Network volumes are of Secure Cloud alone, and not in every data centre.
  addDisk: ({ id, location: { region } }) =>
    region === null || id.includes("+community") ? null : simulator.addDisk(region)
})

const loginAs = (host: string) => ({ host, username: "conformance-user", password: "conformance-registry-password-31" })

/** A launch with everything that fits together on the offer, but for a volume: it costs by itself, and no offer has it in it. */
const specOn = (offer: Offer) => ({
  ...{ offer, name: "training", image: "runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404", sshKeys: [sshKey] },
  ...{ env: { HF_TOKEN: "hf-conformance-secret-4711" }, ports: [{ port: 8000 }], command: ["sleep", "infinity"] },
  ...{ diskMiB: 40_960, registry: loginAs("docker.io") }
})

/** Everything that can be changed of a stopped pod. */
const changes: WorkloadUpdate = {
  ...{ name: "updated", image: "ghcr.io/team/trainer:7", env: { HF_TOKEN: "hf-conformance-secret-4712" } },
  ...{ command: ["sleep", "1d"], ports: [{ port: 8001 }], registry: loginAs("ghcr.io") }
}

const open = (habit?: Habit): World => {
  const simulator = createRunpodSimulator({ apiKey, credit: 10_000 })
  const others = createRunpodSimulator({ apiKey: otherKey, clock: simulator.clock, seed: 2, credit: 10_000 })
  const { proxy, sendOf, controls, ...world } = simulatedWorld(simulator, { ...rules, others, habit })
  return {
    ...world,
    connect: (key) => runpod({ apiKey: key, transport: fetchTransport(sendOf(key)) }).kinds.containers,
    factory: { make: runpod, variable: "RUNPOD_API_KEY" },
    spec: specOn,
    changes,
    unknownId: "0000000000zzzz",
    controls: { ...controls, ...controlsOn(simulator, proxy) }
  }
}

/** The simulated Runpod as the conformance suite takes it. */
export const runpodHarness: Harness = { name: "Runpod containers", open }
