import type { Action, Lifecycle } from "@anygpu/core"

/** What the reference cloud's status depends on: its one word, and whether we asked for a stop. */
export type ReferenceFacts = { readonly state: string; readonly weStopped: boolean }

const always: ReadonlyArray<Action> = [
  "terminate",
  "rename",
  "update",
  "events",
  "attachSshKey",
  "detachSshKey",
  "machineSshKeys",
  "scheduleEnd"
]
const source = "testing/cloud.ts"

/** The reference cloud's states. */
export const table: Lifecycle<ReferenceFacts> = {
  domain: { state: ["queued", "booting", "up", "down", "exited"], weStopped: [true, false] },
  rows: [
    { when: { state: "queued" }, status: "pending", billing: "none", actions: always, note: "Waits.", source },
    {
      when: { state: "booting" },
      status: "starting",
      billing: "compute",
      actions: [...always, "logs"],
      note: "Charged from the boot on.",
      source
    },
    {
      when: { state: "up", weStopped: true },
      status: "stopping",
      billing: "compute",
      actions: always,
      note: "Asked to stop, not down yet.",
      source
    },
    {
      when: { state: "up" },
      status: "running",
      billing: "compute",
      actions: [...always, "logs", "stop", "restart", "changeBid"],
      note: "Up.",
      source
    },
    {
      when: { state: "down", weStopped: true },
      status: "stopped",
      billing: "storage",
      actions: [...always, "start", "logs"],
      note: "We asked for it.",
      source
    },
    {
      when: { state: "down" },
      status: "interrupted",
      reason: "stopped-outside",
      billing: "storage",
      actions: [...always, "start", "logs"],
      note: "Nobody asked.",
      source
    },
    {
      when: { state: "exited" },
      status: "failed",
      reason: "exited",
      billing: "compute",
      actions: [...always, "restart", "logs"],
      note: "The workload ended; the machine is still held.",
      source
    }
  ],
  fallback: { billing: "unknown", actions: ["terminate"] }
}
