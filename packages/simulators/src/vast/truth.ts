import { type MachineTruth, microsUp } from "../kit/truth.ts"
import { unitsPerDollar } from "./money.ts"
import type { World } from "./world.ts"

/** Every contract ever made, as it truly is: its GPU is metered while it is charged for, its disk while it exists. */
export const truthIn = ({ state }: World): readonly MachineTruth[] =>
  state.machines.map(({ id, label, offerId, workload, status, offlineSince, destroyedAt, createdAt, meter }) => ({
    id: String(id),
    name: label ?? "",
    of: String(offerId),
    kind: workload.vm ? "vm" : "container",
    isUp: destroyedAt === null && offlineSince === null && status.actual === "running",
    isAlive: destroyedAt === null,
    isEnding: false,
    madeAt: createdAt,
    lines: [
      { item: "compute", micros: microsUp(meter.gpu, unitsPerDollar), ms: meter.gpuMs },
      { item: "storage", micros: microsUp(meter.storage, unitsPerDollar), ms: meter.storageMs },
      { item: "reserve", micros: microsUp(meter.deposit, unitsPerDollar), ms: 0 }
    ]
  }))
