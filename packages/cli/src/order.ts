import { choosingFields, type InputOf, present } from "@anygpu/operations"
import { filterOf, isRef, jobOf, type Order, offerName, tagsOf } from "@anygpu/operations/run"
import type { Filters, LaunchOptions } from "anygpu"
import type { launchFields } from "./command/fields.ts"
import type { Context } from "./context.ts"
import { Usage } from "./own-errors.ts"
import { ownerHere } from "./owner-here.ts"
import { type LaunchKeys, launchKeysOf } from "./ssh-keys.ts"
import { workloadOf } from "./workload.ts"

type Input = InputOf<typeof launchFields>

/** A launch as it was asked for on the command line. */
export interface CommandOrder {
  readonly order: Order
  /** Where the ssh keys in it come from. */
  readonly keys: LaunchKeys
  /** The name that was given; one is made up otherwise. */
  readonly name: string | undefined
}

/** The offer that is named, by `--offer` or in place of GPUs; throws `Usage` where something else chooses one besides. */
const namedIn = (input: Input): string | undefined => {
  const { what = [] } = input
  const named = input.offer ?? what.find(isRef)
  if (named === undefined) return undefined
  const others = what.filter((word) => word !== named)
  if (others.length > 0) throw new Usage(`one offer is named, ${named}: leave out ${others.join(" ")}`)
  if (choosingFields.some((name) => input[name] !== undefined)) {
    throw new Usage("an offer is named: leave out the options that choose one")
  }
  return named
}

/** What is compared: one offer by its name, or what fits; who does not wait takes the best one or none. */
const filtersOf = async (context: Context, input: Input, storageMiB: number | undefined): Promise<Filters> => {
  const named = namedIn(input)
  const { what = [], gpu = [], bid, key, wait = true } = input
  const interruptible = input.interruptible === true || bid !== undefined
  if (named !== undefined) {
    return { offer: await offerName(context, named, { key, minDiskMiB: storageMiB, interruptible }), interruptible }
  }
  const gpus = [...what, ...gpu]
  const { maxPerHour: _, ...filter } = filterOf({ ...input, gpu: gpus.length > 0 ? gpus : undefined })
  return { ...filter, interruptible, ...(!wait && { limit: 1 }) }
}

/** What is to run, as launch options. */
const optionsOf = async (input: Input, io: Context["io"], { texts }: LaunchKeys): Promise<Partial<LaunchOptions>> => {
  const { os, location, bid, description, volumes, attach } = input
  const sshKeys = texts.length > 0 ? texts : undefined
  const endsItself = input.endsItself || undefined
  const own = present({ os, location, bid, description, volumes, attach, endsItself, sshKeys })
  return { ...(await workloadOf(input, io)), ...own }
}

/** The name when none is given: that of the launch, or of the GPU. */
export const defaultName = (key: string | undefined, model: string | undefined): string =>
  (key ?? model ?? "machine")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "") || "machine"

/** So much more than the quote all tries together may cost where `--max-total` is not given: a quarter. */
const maxAbove = 0.25

/** What the options of `launch` ask for; the job lasts as long as the machine is rented when nothing else is said. */
export const orderOf = async (context: Context, input: Input): Promise<CommandOrder> => {
  const { io } = context
  const { name, key, ttl, race = false, wait = true, loginCheck = true, verify, onCloudTrouble } = input
  const { maxTotal, maxPerHour, maxAttempts, within: readyWithin, waitForCapacity } = input
  if (verify && !wait) throw new Usage("--verify asks a machine that is ready: leave out --no-wait")
  const job = jobOf({ ...input, for: input.for ?? ttl })
  const keys = await launchKeysOf(input, io.env)
  const workload = await optionsOf(input, io, keys)
  return {
    ...{ keys, name },
    order: {
      ...{ name: name ?? defaultName(key, undefined), workload, job },
      candidates: await filtersOf(context, input, job.storageMiB),
      ...{ until: wait ? "ready" : "created", strategy: wait && race ? "race" : "order" },
      limits: present({ maxTotal, maxPerHour, maxAttempts, readyWithin, maxAbove }),
      ...(loginCheck ? {} : { ssh: false }),
      owner: input.owner ?? ownerHere(),
      ...present({ verify, key, ttl, onCloudTrouble, waitForCapacity, tags: tagsOf(input.tags) })
    }
  }
}
