import { present } from "@anygpu/operations"
import { isRef, offerName } from "@anygpu/operations/run"
import {
  type Filters,
  InvalidRequest,
  type Job,
  type LaunchOptions,
  type LaunchRequest,
  type VolumeRequest
} from "anygpu"
import type { Options } from "./catalogue/entry.ts"
import type { Context } from "./context.ts"
import { filterOf } from "./filter.ts"
import { amountOf, countOf, durationOf, sizeOf } from "./inputs.ts"
import { jobOf } from "./job.ts"
import { Usage } from "./own-errors.ts"
import { type LaunchKeys, launchKeysOf } from "./ssh-keys.ts"
import { isOn, textOf, wholeTextsOf } from "./words.ts"
import { workloadOf } from "./workload.ts"

/** A launch as it was asked for on the command line. */
export interface Order {
  readonly request: LaunchRequest
  readonly job: Job & { readonly duration: number }
  /** Where the ssh keys in it come from. */
  readonly keys: LaunchKeys
  /** The name that was given; one is made up otherwise. */
  readonly name: string | undefined
  readonly ttl: number | undefined
}

/** `data=200GB`. */
const volumeOf = (text: string): VolumeRequest => {
  const [name = "", size] = text.split("=")
  const sizeMiB = sizeOf({ volume: size }, "volume")
  if (name !== "" && sizeMiB !== undefined) return { name, sizeMiB }
  throw InvalidRequest.of("--volume", `"${text}" is not a disk: write data=200GB`)
}

/** Filters that an offer's name leaves no room for. */
const choosing = ["gpu", "count", "kind", "minVram", "minVcpus", "minMemory", "country", "region", "minReliability"]

/** The offer that is named, by `--offer` or in place of GPUs; throws `Usage` where something else chooses one besides. */
const namedIn = (options: Options, given: ReadonlyArray<string>): string | undefined => {
  const named = textOf(options, "offer") ?? given.find(isRef)
  if (named === undefined) return undefined
  const others = given.filter((word) => word !== named)
  if (others.length > 0) throw new Usage(`one offer is named, ${named}: leave out ${others.join(" ")}`)
  if (choosing.some((name) => options[name] !== undefined)) {
    throw new Usage("an offer is named: leave out the options that choose one")
  }
  return named
}

/** What is compared: one offer by its name, or what fits; who does not wait takes the best one or none. */
const filtersOf = async (
  context: Context,
  options: Options,
  given: ReadonlyArray<string>,
  storageMiB: number | undefined
): Promise<Filters> => {
  const named = namedIn(options, given)
  const interruptible = isOn(options, "interruptible") || textOf(options, "bid") !== undefined
  if (named !== undefined) {
    const more = { key: textOf(options, "key"), minDiskMiB: storageMiB, interruptible }
    return { offer: await offerName(context, named, more), interruptible }
  }
  const { maxPricePerHour: _, ...filter } = filterOf(options, given)
  return { ...filter, interruptible, ...(!isOn(options, "wait") && { limit: 1 }) }
}

/** What is to run, as launch options. */
const optionsOf = async (options: Options, io: Context["io"], keys: LaunchKeys): Promise<Partial<LaunchOptions>> => {
  const volumes = wholeTextsOf(options, "volume").map(volumeOf)
  return {
    ...(await workloadOf(options, io)),
    ...present({
      ...{ os: textOf(options, "os"), location: textOf(options, "location"), bid: amountOf(options, "bid") },
      ...{ description: textOf(options, "description"), volumes: volumes.length > 0 ? volumes : undefined },
      sshKeys: keys.texts.length > 0 ? keys.texts : undefined
    })
  }
}

/** The name when none is given: that of the launch, or of the GPU. */
export const defaultName = (key: string | undefined, model: string | undefined): string =>
  (key ?? model ?? "machine")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "") || "machine"

/** So much more than the quote all tries together may cost where `--max-total` is not given: a quarter. */
const maxAbove = 0.25

const cloudTroubles = ["next", "stop"] as const

/** What the options of `launch` ask for; the job lasts as long as the machine is rented when nothing else is said. */
export const orderOf = async (context: Context, given: ReadonlyArray<string>, options: Options): Promise<Order> => {
  const { io, now } = context
  const ttl = durationOf(options, "ttl")
  const asked = jobOf(options, now())
  const job = { ...asked, duration: durationOf(options, "for") ?? ttl ?? asked.duration }
  const keys = await launchKeysOf(options, io.env)
  const workload = await optionsOf(options, io, keys)
  const [name, key, waits] = [textOf(options, "name"), textOf(options, "key"), isOn(options, "wait")]
  const money = { maxTotal: amountOf(options, "maxTotal"), maxPerHour: amountOf(options, "maxPerHour") }
  const tries = { maxAttempts: countOf(options, "maxAttempts"), readyWithin: durationOf(options, "within") }
  const trouble = cloudTroubles.find((one) => one === textOf(options, "onCloudTrouble"))
  return {
    ...{ job, keys, name, ttl },
    request: {
      ...{ name: name ?? defaultName(key, undefined), workload, job },
      candidates: await filtersOf(context, options, given, job.storageMiB),
      ...{ until: waits ? "ready" : "created", strategy: waits && isOn(options, "race") ? "race" : "order" },
      limits: present({ ...money, ...tries, maxAbove }),
      ...present({ key, ttl, onCloudTrouble: trouble })
    }
  }
}
