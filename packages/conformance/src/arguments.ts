import {
  type InstanceRef,
  type Kind,
  money,
  type OptionalOp,
  type OptionalOps,
  type WorkloadUpdate
} from "@anygpu/core"
import type { World } from "./harness.ts"
import { freshKey } from "./refs.ts"

type Arguments<O extends OptionalOp> = Parameters<OptionalOps<string, Kind>[O]>

/** A change of everything that an update may change. */
export const someChanges: Required<WorkloadUpdate> = {
  name: "renamed",
  image: "ubuntu:24.04",
  env: { ANYGPU_UPDATED: "updated-value" },
  command: ["sleep", "60"],
  onStart: "echo updated",
  ports: [{ port: 22 }, { port: 9000 }],
  closePorts: [22],
  registry: null
}

const all: { readonly [O in OptionalOp]: (ref: InstanceRef, changes?: WorkloadUpdate) => Arguments<O> } = {
  start: (ref) => [ref],
  stop: (ref) => [ref],
  restart: (ref) => [ref],
  rename: (ref) => [ref, "renamed"],
  update: (ref, changes) => [ref, changes ?? { env: someChanges.env }],
  logs: (ref) => [ref],
  events: (ref) => [ref],
  changeBid: (ref) => [ref, money("0.5")],
  scheduleEnd: (ref) => [ref, { at: new Date("2100-01-01T00:00:00Z") }],
  sshKeys: () => [],
  addSshKey: () => [freshKey, "conformance"],
  removeSshKey: (ref) => [ref.id],
  machineSshKeys: (ref) => [ref],
  attachSshKey: (ref) => [ref, freshKey],
  detachSshKey: (ref) => [ref, "1"],
  balance: () => [],
  images: () => [],
  volumes: () => []
}

/** Valid arguments for an operation on a machine of a world. */
export const argumentsFor = <O extends OptionalOp>(op: O, ref: InstanceRef, { changes }: World): Arguments<O> =>
  all[op](ref, changes)
