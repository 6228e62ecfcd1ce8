import {
  attachMarker,
  formatMoney,
  InvalidRequest,
  type Issue,
  type LaunchIdentity,
  type LaunchSpec,
  OutOfFunds,
  plainName
} from "@anygpu/core"
import { gbOfMiB, mibOfGB } from "@anygpu/core/adapter"
import * as Result from "effect/Result"
import { defaultGB, mostGB } from "./to-domain.ts"
import type { DeployBody } from "./wire.ts"

/** The launch options of Huddle01's machines: no container image, variables, ports or start script. */
export const vmOptions = ["os", "sshKeys", "diskMiB", "volumes", "location", "description"] as const

type Spec = LaunchSpec<"huddle", "vm", (typeof vmOptions)[number]>

/** Hostnames may be 255 characters long, and no character is documented as forbidden; one label of a DNS name always works. */
const hostnameLimit = 63

/** The type of an additional volume without being asked for. Source: Huddle01 docs, Deployments: additional volumes. */
const defaultType = "NVMe"

/** The type and the place of an offer, `<instance_type>@<place>`. */
const partsOf = (offerId: string): readonly [type: string, place: string | undefined] => {
  const at = offerId.lastIndexOf("@")
  return at < 0 ? [offerId, undefined] : [offerId.slice(0, at), offerId.slice(at + 1)]
}

const bootGB = (diskMiB: number): number => Math.max(defaultGB, gbOfMiB(diskMiB))

const issuesOf = (spec: Spec, place: string | undefined): ReadonlyArray<Issue> => {
  const { diskMiB, volumes = [], location } = spec
  const issues: Issue[] = []
  if (place === undefined && location === undefined) {
    issues.push({ path: "location", problem: "is required: this offer names no place, such as FIN-01" })
  }
  if (place !== undefined && location !== undefined && location !== place) {
    issues.push({ path: "location", problem: `must be the offer's, ${place}: each place has an offer of its own` })
  }
  const size = diskMiB === undefined ? defaultGB : bootGB(diskMiB)
  if (size > mostGB) {
    issues.push({ path: "diskMiB", problem: `is ${size} GB, Huddle01 takes ${mostGB}: add volumes for more` })
  }
  for (const [index, { name, type = defaultType }] of volumes.entries()) {
    if (!name.trim()) issues.push({ path: `volumes[${index}].name`, problem: "is empty" })
    if (!type.trim())
      issues.push({ path: `volumes[${index}].type`, problem: `is empty: leave it out for ${defaultType}` })
  }
  return issues
}

/** Why a limit on the price cannot be kept: disks whose price nobody knows. Null when it can, or need not be. */
const unpromised = ({ diskMiB = 0, volumes = [], maxPerHour, allowUnknownPrice }: Spec): OutOfFunds | null => {
  const size = bootGB(diskMiB)
  const unpriced = [
    ...(size > defaultGB ? [`a boot disk of ${size} GB`] : []),
    ...(volumes.length > 0 ? [`volumes (${volumes.map(({ name }) => name).join(", ")})`] : [])
  ]
  if (!maxPerHour || allowUnknownPrice || unpriced.length === 0) return null
  const message =
    `maxPerHour ${formatMoney(maxPerHour)} cannot be promised with ${unpriced.join(" and ")}: the price includes ` +
    `${defaultGB} GB (diskMiB ${mibOfGB(defaultGB)}), and Huddle01 documents none for more. Nothing was sent; ask for ` +
    "less, or pass allowUnknownPrice: true to launch all the same"
  return new OutOfFunds({ message, retry: "permanent", available: maxPerHour, ownLimit: true })
}

/** A deploy that waits for the ids of its keys and its image, and its marker: the same text whenever it is made of the same. */
export type Draft = (keys: ReadonlyArray<string>, image: string) => (identity: LaunchIdentity) => DeployBody

/**
 * A spec's deploy, or everything that is wrong with it.
 *
 * - Disks are asked for in whole GB, rounded up; a boot disk is never less than the 50 GB that come by default.
 * - With `maxPerHour`, disks whose price nobody knows are `OutOfFunds` unless `allowUnknownPrice` is set: a search over
 *   several clouds goes on to the next offer.
 *
 * Source: Huddle01 docs, Deployments: deploy request.
 */
export const deployOf = (spec: Spec): Result.Result<Draft, InvalidRequest | OutOfFunds> => {
  const { name, diskMiB, volumes, location, description } = spec
  const [type, place] = partsOf(spec.offer.id)
  const issues = issuesOf(spec, place)
  if (issues.length > 0) return Result.fail(InvalidRequest.all(issues))
  const refused = unpromised(spec)
  if (refused) return Result.fail(refused)
  return Result.succeed((keys, image) => ({ marker }) => ({
    cluster_type: type,
    image,
    hostname: attachMarker(plainName(name), marker, hostnameLimit),
    ssh_key_ids: [...keys],
    location: place ?? location ?? "",
    ...(description !== undefined && { description }),
    ...(diskMiB !== undefined && { os_volume: { name: "boot", size: bootGB(diskMiB) } }),
    ...(volumes?.length && {
      volumes: volumes.map((volume) => ({
        name: volume.name,
        size: gbOfMiB(volume.sizeMiB),
        type: volume.type ?? defaultType
      }))
    })
  }))
}
