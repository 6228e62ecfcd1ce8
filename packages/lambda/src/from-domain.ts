import { attachMarker, InvalidRequest, type Issue, type LaunchSpec } from "@anygpu/core"
import * as Result from "effect/Result"
import { partsOf } from "./offer-id.ts"
import { markerTag } from "./to-domain.ts"
import * as wire from "./wire.ts"

/** The launch options of Lambda's machines. */
export const launchOptions = ["os", "sshKeys", "onStart", "attach"] as const
/** Those without which none is launched. */
export const requiredOptions = ["sshKeys"] as const

/** A launch as Lambda takes it. */
export type Launch = LaunchSpec<"lambda", "vm", (typeof launchOptions)[number]>

/** What a launch waits for: the name of its key, its image, and where its file systems are mounted. */
export interface Resolved {
  readonly keyName: string
  readonly mounts: ReadonlyArray<NonNullable<wire.LaunchBody["file_system_mounts"]>[number]>
  readonly image: NonNullable<wire.LaunchBody["image"]> | null
}

/** A launch that waits for its marker. */
export type Prepared = (marker: string) => wire.LaunchBody

/** The most characters of a name. Source: Lambda Cloud API 1.10.0, InstanceLaunchRequest. */
const longestName = 64

/** The most bytes of user data: 1 MB. Source: as above. */
const longestScript = 1_000_000

/** A name as a machine has it, with the launch marker at its end. */
export const nameOf = (name: string, marker: string | null): string =>
  marker === null ? name.slice(0, longestName).toWellFormed() : attachMarker(name, marker, longestName)

/** Cloud-init runs a text that begins so as a script, as root, at the first boot. Source: cloud-init docs, user-data formats. */
const scriptOf = (text: string): string => (text.startsWith("#!") ? text : `#!/bin/sh\n${text}`)

const issuesOf = ({ offer, sshKeys = [], onStart = "", attach = [] }: Launch): ReadonlyArray<Issue> => {
  const issues: Issue[] = []
  if (partsOf(offer.id).region === undefined) {
    issues.push({
      path: "offer",
      problem: `"${offer.id}" names no region, such as gpu_1x_a10@us-west-1: list the offers again`
    })
  }
  if (sshKeys.length > 1) {
    const problem = `are ${sshKeys.length}: Lambda takes exactly one at a launch; give one, and add others by ssh later`
    issues.push({ path: "sshKeys", problem })
  }
  if (new TextEncoder().encode(scriptOf(onStart)).length > longestScript) {
    issues.push({ path: "onStart", problem: "is larger than the 1 MB that Lambda takes" })
  }
  for (const [index, { path }] of attach.entries()) {
    if (path === undefined || wire.MountPoint.safeParse(path).success) continue
    const problem = `cannot be "${path}": Lambda mounts below /data, /home and /lambda/nfs, by letters, digits and hyphens`
    issues.push({ path: `attach[${index}].path`, problem })
  }
  return issues
}

/**
 * A launch's body, or everything that is wrong with it.
 *
 * - The marker goes into a tag, which no route changes afterwards, and into the name, where people see it.
 *
 * Source: Lambda Cloud API 1.10.0, InstanceLaunchRequest.
 */
export const launchOf = (spec: Launch): Result.Result<(resolved: Resolved) => Prepared, InvalidRequest> => {
  const issues = issuesOf(spec)
  if (issues.length > 0) return Result.fail(InvalidRequest.all(issues))
  const { type, region = "" } = partsOf(spec.offer.id)
  const { name, onStart } = spec
  return Result.succeed(({ keyName, image, mounts }) => (marker) => ({
    region_name: region,
    instance_type_name: type,
    ssh_key_names: [keyName],
    name: nameOf(name, marker),
    tags: [{ key: markerTag, value: marker }],
    ...(image && { image }),
    ...(mounts.length > 0 && { file_system_mounts: [...mounts] }),
    ...(onStart !== undefined && { user_data: scriptOf(onStart) })
  }))
}
