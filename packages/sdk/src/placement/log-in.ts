import type { GpuError, Instance, LaunchOptions } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { timeOf } from "../client/login-proof.ts"
import type { Search } from "./search.ts"

/**
 * The proof that somebody is let in to a machine of a launch that is up; null where none is wanted.
 *
 * - It is wanted where it was asked for, and by itself where the launch has ssh keys and its machine a way in.
 * - `sshKeys` are those of its very launch: they may differ from offer to offer.
 */
export const loginOf = (
  { request: { ssh }, proof }: Pick<Search, "request" | "proof">,
  machine: Instance,
  { sshKeys = [] }: Partial<Pick<LaunchOptions, "sshKeys">> = {}
): Effect.Effect<Instance, GpuError> | null => {
  const isUsual = sshKeys.length > 0 && machine.endpoints.ssh.length > 0
  if (proof === null || !(ssh ?? isUsual)) return null
  return Effect.as(proof(machine, { ...timeOf(ssh), isAskedFor: ssh !== undefined }), machine)
}
