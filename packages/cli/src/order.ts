import {
  type AnywhereRequest,
  InvalidRequest,
  type Job,
  type LaunchOptions,
  type Money,
  type VolumeRequest
} from "anygpu"
import type { Options } from "./catalogue/entry.ts"
import type { Context } from "./context.ts"
import { amountOf, countOf, durationOf, sizeOf } from "./inputs.ts"
import { jobOf } from "./job.ts"
import { type LaunchKeys, launchKeysOf } from "./ssh-keys.ts"
import { isOn, textOf, wholeTextsOf } from "./words.ts"
import { workloadOf } from "./workload.ts"

/** A launch as it was asked for, before there is an offer. */
export interface Order {
  readonly job: Job & { readonly duration: number }
  readonly workload: Partial<LaunchOptions>
  /** Where the ssh keys in it come from. */
  readonly keys: LaunchKeys
  readonly name: string | undefined
  readonly key: string | undefined
  readonly ttl: number | undefined
  readonly maxTotal: Money | undefined
  readonly maxPerHour: Money | undefined
  /** How many machines may be rented for it. */
  readonly maxAttempts: number | undefined
  readonly readyWithin: number | undefined
  readonly race: boolean
  readonly onCloudTrouble: "next" | "stop" | undefined
  readonly waits: boolean
}

/** `data=200GB`. */
const volumeOf = (text: string): VolumeRequest => {
  const [name = "", size] = text.split("=")
  const sizeMiB = sizeOf({ volume: size }, "volume")
  if (name !== "" && sizeMiB !== undefined) return { name, sizeMiB }
  throw InvalidRequest.of("--volume", `"${text}" is not a disk: write data=200GB`)
}

const cloudTroubles = ["next", "stop"] as const

/** What the options of `launch` ask for; the job lasts as long as the machine is rented when nothing else is said. */
export const orderOf = async ({ io, now }: Pick<Context, "io" | "now">, options: Options): Promise<Order> => {
  const ttl = durationOf(options, "ttl")
  const job = jobOf(options, now())
  const [bid, volumes] = [amountOf(options, "bid"), wholeTextsOf(options, "volume").map(volumeOf)]
  if (isOn(options, "interruptible") && !bid) {
    throw InvalidRequest.of("--bid", "is missing: an interruptible offer takes a bid, what to pay per hour")
  }
  const keys = await launchKeysOf(options, io.env)
  const [os, location, description] = ["os", "location", "description"].map((name) => textOf(options, name))
  return {
    job: { ...job, duration: durationOf(options, "for") ?? ttl ?? job.duration },
    workload: {
      ...(await workloadOf(options, io)),
      ...(os !== undefined && { os }),
      ...(location !== undefined && { location }),
      ...(description !== undefined && { description }),
      ...(volumes.length > 0 && { volumes }),
      ...(bid && { bid }),
      ...(keys.texts.length > 0 && { sshKeys: keys.texts })
    },
    keys,
    ...{ name: textOf(options, "name"), key: textOf(options, "key"), ttl },
    ...{ maxTotal: amountOf(options, "maxTotal"), maxPerHour: amountOf(options, "maxPerHour") },
    maxAttempts: countOf(options, "maxAttempts"),
    ...{ readyWithin: durationOf(options, "within"), race: isOn(options, "race"), waits: isOn(options, "wait") },
    onCloudTrouble: cloudTroubles.find((one) => one === textOf(options, "onCloudTrouble"))
  }
}

/** The launch as the SDK takes it, but for its offers. */
export const requestOf = (order: Order, name: string): AnywhereRequest => {
  const { workload, job, key, ttl, race, readyWithin, maxTotal, maxPerHour, maxAttempts, onCloudTrouble } = order
  return {
    ...workload,
    ...{ job, name, strategy: race ? "race" : "order" },
    ...(key !== undefined && { key }),
    ...(ttl !== undefined && { ttl }),
    ...(onCloudTrouble && { onCloudTrouble }),
    limits: {
      ...(maxTotal && { maxTotal }),
      ...(maxPerHour && { maxPerHour }),
      ...(maxAttempts !== undefined && { maxAttempts }),
      ...(readyWithin !== undefined && { readyWithin })
    }
  }
}
