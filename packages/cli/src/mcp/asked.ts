import { present } from "@anygpu/operations"
import { InvalidRequest, kinds, type LaunchRequest } from "anygpu"
import { z } from "zod"
import { filterOptions } from "../catalogue/options.ts"
import { filterOf } from "../filter.ts"
import { amountOf } from "../inputs.ts"
import { jobOf } from "../job.ts"
import { optionFields, optionsOf } from "./input.ts"
import { running } from "./workload.ts"

/** Everything is said in the call itself: no file and no variable of this computer is read. */
const workload = {
  ...running,
  os: z.string().min(1).optional().describe("the system of a VM or a bare metal machine, as `images` names it"),
  sshKeys: z.array(z.string().min(1)).optional().describe("texts of public keys that may log in"),
  bid: z.string().min(1).optional().describe("what to pay per hour, which interruptible offers need: 0.40"),
  location: z.string().min(1).optional().describe("the place, for an offer with several")
}

const wanted = {
  offer: z.string().min(1).optional().describe("this very offer, as `offers` and `compare` tell it; else the best one"),
  for: z.string().min(1).describe("how long it is needed: 3h, 2h 30m. It is ended then, and money is set aside for it"),
  name: z.string().min(1).describe("what people will see"),
  maxTotal: z.string().optional().describe("refuse when the job costs more, with what failed tries have cost: 12.50"),
  maxAttempts: z
    .int()
    .min(1)
    .optional()
    .describe("rent so many machines at most, when they turn out dearer than they were offered for; 5 by default"),
  key: z.string().min(1).optional().describe("names this launch: calling again with it does not rent again"),
  onCloudTrouble: z
    .enum(["stop", "next"])
    .default("stop")
    .describe("when a cloud refuses the account (no money, quota, key, rate): stop, or go on with other clouds"),
  interruptible: z.boolean().optional().describe("offers that the cloud may take away")
}

/** What a call of `launch` takes. */
export const launchInput = z.strictObject({ ...optionFields(filterOptions), ...wanted, ...workload })

type Given = z.output<z.ZodObject<typeof wanted & typeof workload>>

/** The kinds that take what is to run: containers an image, the others a system. */
const kindsFor = ({ image, os }: Given) => {
  if (image !== undefined && os !== undefined) return undefined
  if (image === undefined && os === undefined) {
    throw InvalidRequest.of("image", "is missing, and `os` too: name an image for a container, or a system for a VM")
  }
  return kinds.filter((kind) => (kind === "container") === (image !== undefined) && kind !== "cpu-vm")
}

/** A launch as an agent asks for it; its machine is rented for as long as its job lasts. */
export type Asked = LaunchRequest & { readonly job: ReturnType<typeof jobOf> }

/** What a call asks for; throws `InvalidRequest` for what cannot be. */
export const askedFor = (input: Readonly<Record<string, unknown>>, now: number): Asked => {
  const given = z.object({ ...wanted, ...workload }).parse(input)
  const options = optionsOf(Object.fromEntries(Object.entries(input).filter(([name]) => !(name in workload))))
  const { maxPricePerHour: maxPerHour, kind: named, ...filter } = filterOf(options)
  const job = jobOf(options, now)
  const { name, key, onCloudTrouble, maxAttempts, offer, interruptible } = given
  const { image, os, location, sshKeys, env, ports, command, onStart } = given
  const bid = amountOf({ bid: given.bid }, "bid")
  return {
    ...{ name, job, ttl: job.duration, until: "created", onCloudTrouble, ...present({ key }) },
    workload: present({ image, os, location, sshKeys, env, ports, command, onStart, bid }),
    candidates: present({ ...filter, kind: named ?? kindsFor(given), offer, interruptible }),
    limits: present({ maxPerHour, maxTotal: amountOf(options, "maxTotal"), maxAttempts })
  }
}
