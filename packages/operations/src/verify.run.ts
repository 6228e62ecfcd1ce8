import { shape } from "@anygpu/core"
import type { OfferFacts } from "@anygpu/ssh"
import type { Gpu, Instance, InstanceRef, LaunchRecord, Verification } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import { launchesOf } from "./machines/leases.ts"
import { withSession } from "./machines/session.ts"
import { type VerifiedJson, verificationJson } from "./protocol/answers/verified.ts"
import type { verifyInput } from "./verify.ts"

/** A machine that was verified. */
export interface Verified {
  readonly ref: InstanceRef
  readonly verification: Verification
}

const gpuShape = shape.object("a GPU", {
  model: shape.text,
  count: shape.number,
  vramMiB: shape.nullable(shape.number),
  known: shape.flag
})

/** The GPUs of the offer that a launch rented, as the ledger keeps them; what another version wrote otherwise counts as missing. */
const gpuOf = (launch: LaunchRecord | undefined): Gpu | null => {
  const offer = launch?.spec["offer"]
  const gpu = shape.isFields(offer) ? offer["gpu"] : null
  return gpuShape("gpu", gpu).length === 0 ? (gpu as Gpu) : null
}

/** What was offered: the GPUs of the offer where the ledger knows them, and what the cloud says of the machine. */
const offeredOf = async (context: OperationContext, machine: Instance): Promise<OfferFacts> => {
  const launches = await launchesOf(context, machine.ref)
  const { gpu, vcpus, memoryMiB, storageMiB } = machine
  return { gpu: gpuOf(launches.get(String(machine.ref))) ?? gpu, vcpus, memoryMiB, storageMiB }
}

/** Asks a machine what it is, and compares that with what was offered. */
export const run = (context: OperationContext, input: InputOf<typeof verifyInput>): Promise<Verified> =>
  withSession(context, input, async (session, machine) => {
    const { ref } = machine
    const { write, url } = input
    const offered = await offeredOf(context, machine)
    const options = { write: write === undefined ? undefined : Math.max(1, Math.round(write)), url }
    const ask = () => session.verify(offered, { ...options, signal: context.signal })
    return { ref, verification: await context.out.during(`asking ${ref} what it is`, ask) }
  })

/** A machine that was verified, in JSON. */
export const encode = ({ ref, verification }: Verified): VerifiedJson => ({
  ref: String(ref),
  verification: verificationJson(verification)
})
