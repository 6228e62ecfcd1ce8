import type { Lifecycle } from "@anygpu/core"

/** What a machine in memory is. */
export type MemoryState = "booting" | "up" | "stopped" | "failed" | "taken"

const all = ["terminate", "rename", "logs"] as const
const source = "this package"

/** What each state of a machine in memory means. */
export const lifecycle: Lifecycle<{ readonly state: MemoryState }> = {
  domain: { state: ["booting", "up", "stopped", "failed", "taken"] },
  rows: [
    {
      when: { state: "booting" },
      status: "starting",
      billing: "compute",
      actions: ["terminate"],
      note: "It was rented and is not up yet.",
      source
    },
    {
      when: { state: "up" },
      status: "running",
      billing: "compute",
      actions: [...all, "stop", "restart"],
      note: "It is up.",
      source
    },
    {
      when: { state: "stopped" },
      status: "stopped",
      billing: "none",
      actions: [...all, "start"],
      note: "It was stopped; its disk costs nothing here.",
      source
    },
    {
      when: { state: "failed" },
      status: "failed",
      reason: "provisioning-error",
      billing: "compute",
      actions: all,
      note: "A test said that its boot fails; it costs money until it is ended.",
      source
    },
    {
      when: { state: "taken" },
      status: "interrupted",
      reason: "preempted",
      billing: "none",
      actions: all,
      note: "A test said that it is taken away.",
      source
    }
  ],
  fallback: { billing: "unknown", actions: ["terminate"] }
}
