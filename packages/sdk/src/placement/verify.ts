import {
  type GpuError,
  type Instance,
  InvalidRequest,
  type Offer,
  ProviderFault,
  type Verification,
  type VerifyOptions
} from "@anygpu/core"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { timeOf } from "../client/login-proof.ts"
import type { PlacementParts } from "./open-search.ts"
import type { LaunchRequest } from "./request.ts"
import { report } from "./search.ts"
import type { Try } from "./try.ts"

/** What a machine is compared with, and how. */
export interface VerifyOrder {
  /** The offer that was rented, with the disk that was asked for. */
  readonly offer: Offer
  readonly options: VerifyOptions
  /** How long it may take until somebody is let in; 5 minutes where it is left out. */
  readonly within?: Duration.Input | undefined
}

/** Asks a machine by ssh what it is, and compares that with its offer. */
export type VerifyMachine = (machine: Instance, order: VerifyOrder) => Effect.Effect<Verification, GpuError>

/** Refuses a launch that is to verify its machine in a client that cannot, before anything is sent. */
export const checkVerify = (
  { verifyMachine }: PlacementParts,
  { verify }: LaunchRequest
): Effect.Effect<void, InvalidRequest> =>
  verify && !verifyMachine
    ? Effect.fail(InvalidRequest.of("verify", "needs ssh: pass `ssh: ssh()` of @anygpu/ssh to the client"))
    : Effect.void

const misfit = ({ ref }: Instance, { findings }: Verification): ProviderFault => {
  const grave = findings.filter(({ verdict }) => verdict === "wrong" || verdict === "faulty")
  const words = grave.map(({ message }) => message).join("; ")
  return new ProviderFault({
    message: `${ref} is not what was offered: ${words}`,
    retry: "permanent",
    ref,
    reach: "here"
  })
}

/** Asks the machine of a try what it is; fails where it is not what was offered. A machine that cannot be read is kept, and that is reported. */
export const verifyMade = Effect.fnUntraced(function* (one: Try, machine: Instance): Effect.fn.Return<void, GpuError> {
  const { search, offer, boot } = one
  const { verifyMachine, request } = search
  if (!verifyMachine || !request.verify) return
  report(search, { type: "verifying", offer, instance: machine })
  const diskMiB = boot?.spec.diskMiB ?? offer.diskMiB
  const options = request.verify === true ? {} : request.verify
  const order = { offer: { ...offer, diskMiB }, options, ...timeOf(request.ssh) }
  const verification = yield* verifyMachine(machine, order)
  one.verification = verification
  if (verification.outcome === "not-as-offered") return yield* misfit(machine, verification)
})
