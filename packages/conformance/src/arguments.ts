import { type InstanceRef, type Kind, money, type OptionalOp, type OptionalOps } from "@anygpu/core"
import { freshKey } from "./refs.ts"

type Arguments<O extends OptionalOp> = Parameters<OptionalOps<string, Kind>[O]>

const all: { readonly [O in OptionalOp]: (ref: InstanceRef) => Arguments<O> } = {
  start: (ref) => [ref],
  stop: (ref) => [ref],
  restart: (ref) => [ref],
  rename: (ref) => [ref, "renamed"],
  update: (ref) => [ref, { env: { ANYGPU_UPDATED: "updated-value" } }],
  logs: (ref) => [ref],
  events: (ref) => [ref],
  changeBid: (ref) => [ref, money("0.5")],
  sshKeys: () => [],
  addSshKey: () => [freshKey, "conformance"],
  removeSshKey: (ref) => [ref.id],
  machineSshKeys: (ref) => [ref],
  attachSshKey: (ref) => [ref, freshKey],
  detachSshKey: (ref) => [ref, "1"],
  balance: () => [],
  images: () => []
}

/** Valid arguments for an operation on a machine. */
export const argumentsFor = <O extends OptionalOp>(op: O, ref: InstanceRef): Arguments<O> => all[op](ref)
