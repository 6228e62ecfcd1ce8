import { type Instance, isReady, type Status } from "@anygpu/core"

/** Statuses that pass by themselves. */
const passing: ReadonlySet<Status> = new Set(["pending", "provisioning", "starting", "stopping", "terminating"])

/** Whether a machine changes by itself, so that the next look may show another one: it boots, stops, ends, or is not reachable yet. */
export const isChanging = (machine: Instance): boolean =>
  passing.has(machine.status) || (machine.status === "running" && !isReady(machine))
