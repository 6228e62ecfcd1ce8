import { defineSimulator } from "../kit/cloud.ts"
import { metered, meterLines } from "../kit/meter.ts"
import { controls } from "./controls.ts"
import { door } from "./door.ts"
import { endBy } from "./fault.ts"
import { loginOf } from "./login.ts"
import { money, spentOn } from "./money.ts"
import { logUrls } from "./routes/logs.ts"
import { life } from "./time.ts"
import type { VastSimulator, VastSimulatorOptions } from "./types.ts"
import { usualKey, worlds } from "./world.ts"

const define = defineSimulator({
  ...worlds,
  origin: "https://console.vast.ai",
  otherUrls: [logUrls],
  apiKey: usualKey,
  credit: 25,
  ...{ money, door, life, controls, endBy },
  machines: ({ state }) => state.machines,
  withoutMachines: (state) => ({ ...state, machines: [] }),
  record: (machine) => ({
    id: machine.id,
    label: machine.label,
    offerId: machine.offerId,
    actualStatus: machine.status.actual,
    isBid: machine.isBid,
    spent: spentOn(machine),
    alive: machine.destroyedAt === null
  }),
  login: loginOf,
  // Its GPU is metered while it is charged for, its disk while it exists.
  truth: ({ id, label, offerId, workload, status, offlineSince, destroyedAt, createdAt, meter }) => ({
    id: String(id),
    name: label ?? "",
    of: String(offerId),
    kind: workload.vm ? "vm" : "container",
    isUp: destroyedAt === null && offlineSince === null && status.actual === "running",
    isAlive: destroyedAt === null,
    isEnding: false,
    madeAt: createdAt,
    lines: meterLines(meter, money)
  }),
  spent: ({ meter }) => metered(meter),
  faultBody: (status) => ({ success: false, msg: `simulated ${status}` })
})

/**
 * Creates a simulated Vast.ai.
 *
 * - Everything happens on virtual time and only when somebody looks: there are no timers, no sockets and no files.
 * - Bandwidth, what volumes cost, teams, webhooks and reserved discounts aren't simulated.
 */
export const createVastSimulator = (options: VastSimulatorOptions = {}): VastSimulator => define(options)
