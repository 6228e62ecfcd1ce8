import { defineSimulator } from "../kit/cloud.ts"
import { sentIn } from "../kit/http.ts"
import { placeOf } from "../kit/stock.ts"
import { usualFaults } from "../kit/usual-faults.ts"
import { owedBy, secondsOf } from "./billing.ts"
import { controls } from "./controls.ts"
import { isAlive } from "./deployment.ts"
import { door } from "./door.ts"
import { life } from "./lifecycle.ts"
import { loginOf } from "./login.ts"
import { money } from "./money.ts"
import { noCapacity } from "./routes/deploy.ts"
import type { HuddleSimulator, HuddleSimulatorOptions } from "./types.ts"
import { worlds } from "./world.ts"

const define = defineSimulator({
  ...worlds,
  origin: "https://gpu.huddleapis.com",
  apiKey: "mk_huddle_sim_0123456789abcdef",
  credit: 100,
  ...{ money, door, life, controls },
  machines: ({ state }) => state.deployments,
  withoutMachines: (state) => ({ ...state, deployments: [] }),
  record: (deployment, { state }) => ({
    id: deployment.id,
    hostname: deployment.hostname,
    clusterType: deployment.type,
    location: deployment.location,
    state: deployment.state,
    spent: money.toDollars(deployment.charged),
    accrued: money.toDollars(owedBy(deployment, state.at) - deployment.charged),
    alive: isAlive(deployment),
    running: deployment.state === "running",
    metered: deployment.meteredSince !== null
  }),
  login: loginOf,
  // What it has come to by now, whether it was deducted yet or not.
  truth: (deployment, { state }) => ({
    id: deployment.id,
    name: deployment.hostname,
    of: placeOf(deployment.type, deployment.location),
    kind: "vm",
    isUp: deployment.state === "running",
    isAlive: isAlive(deployment),
    isEnding: deployment.state === "deleting",
    madeAt: deployment.createdAt,
    lines: [
      {
        item: "compute",
        micros: money.toMicros(owedBy(deployment, state.at)),
        ms: secondsOf(deployment, state.at) * 1000
      }
    ]
  }),
  spent: ({ charged }) => charged,
  endBy: usualFaults({
    noCapacity: (incoming) => noCapacity(String(sentIn(incoming).body.cluster_type ?? "")),
    fields: ["status"],
    status: "hibernating"
  }),
  faultBody: (status) => ({ code: status === 500 ? "INTERNAL" : `HTTP_${status}`, error: `simulated ${status}` })
})

/**
 * Creates a simulated Huddle01 GPU cloud.
 *
 * - Everything happens on virtual time and only when somebody looks: there are no timers, no sockets and no files.
 * - Where the documents are silent, see `Choices` and the docstrings of the routes.
 */
export const createHuddleSimulator = (options: HuddleSimulatorOptions = {}): HuddleSimulator => define(options)
