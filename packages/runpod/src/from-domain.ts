import { attachMarker, InvalidRequest, type Issue, type LaunchSpec, type PortRequest, plainName } from "@anygpu/core"
import { gbOfMiB, mibOfGB } from "@anygpu/core/adapter"
import * as Result from "effect/Result"
import { partsOf } from "./offer-id.ts"
import { loginIssues } from "./registry.ts"
import type * as wire from "./wire.ts"

/** The launch options of pods. */
export const launchOptions = [
  "image",
  "sshKeys",
  "env",
  "ports",
  "command",
  "diskMiB",
  "volumes",
  "attach",
  "registry"
] as const
/** Those without which none is launched. */
export const requiredOptions = ["image"] as const

/** A launch as Runpod takes it. */
export type Launch = LaunchSpec<"runpod", "container", (typeof launchOptions)[number]>

/** A create that waits for its marker. */
export type Prepared = (marker: string) => wire.CreatePod

/** The container disk without being asked for, in GB; a create without a size is refused. */
export const defaultGB = 20

/** The most characters of a name are not documented for v2: 60 works with all known clients. */
const longestName = 60

/** A name as a pod has it, with the launch marker at its end. */
export const nameOf = (name: string, marker: string | null): string =>
  marker === null ? plainName(name).slice(0, longestName) : attachMarker(plainName(name), marker, longestName)

/** The variable in which Runpod hands ssh keys to a container. Source: Runpod docs, pods/templates/environment-variables. */
export const keyVariable = "PUBLIC_KEY"

/** Ports as Runpod writes them; with 22 where somebody logs in. */
export const portTexts = (ports: ReadonlyArray<PortRequest>, hasKey: boolean): ReadonlyArray<string> => {
  const wanted = ports.map(({ port, protocol = "tcp" }) => `${port}/${protocol}`)
  return [...new Set([...(hasKey ? ["22/tcp"] : []), ...wanted])]
}

/** What is wrong with ports, by Runpod's rules. */
export const portIssues = (ports: ReadonlyArray<PortRequest>): ReadonlyArray<Issue> => [
  ...ports.flatMap(({ protocol }, index) =>
    protocol === "udp" ? [{ path: `ports[${index}]`, problem: "must be tcp or http: Runpod has no UDP" }] : []
  ),
  ...(ports.filter(({ protocol }) => protocol === "http").length > 10
    ? [{ path: "ports", problem: "hold more than the 10 http ports that Runpod takes" }]
    : [])
]

/** Where a volume is mounted: its name is the folder. */
const pathOf = (name: string): string => (name.startsWith("/") ? name : `/${name}`)

const volumeIssues = ({ volumes = [] }: Launch, market: string | undefined): ReadonlyArray<Issue> => {
  if (volumes.length === 0) return []
  const issues: Issue[] = []
  if (market === "cpu") issues.push({ path: "volumes", problem: "are not there on Runpod's CPU pods" })
  if (volumes.length > 1) issues.push({ path: "volumes", problem: `are ${volumes.length}, a pod of Runpod has one` })
  for (const [index, { name, type, sizeMiB }] of volumes.entries()) {
    const path = `volumes[${index}]`
    if (!/^\/?[\w.-]+(\/[\w.-]+)*$/.test(name)) {
      issues.push({
        path: `${path}.name`,
        problem: `is where it is mounted on Runpod: a folder such as workspace, not "${name}"`
      })
    }
    if (type !== undefined) issues.push({ path: `${path}.type`, problem: "is not for Runpod's volumes: leave it out" })
    const size = gbOfMiB(sizeMiB)
    if (size < 10) issues.push({ path: `${path}.sizeMiB`, problem: `is ${size} GB, Runpod takes 10 or more` })
  }
  return issues
}

/** Source: Runpod API reference v2, Mounts; Runpod docs, storage/network-volumes. */
const attachIssues = ({ attach = [], volumes = [] }: Launch, market: string | undefined): ReadonlyArray<Issue> => {
  if (attach.length === 0) return []
  const issues: Issue[] = []
  if (attach.length > 1)
    issues.push({ path: "attach", problem: `are ${attach.length}, a pod of Runpod has one network volume` })
  if (volumes.length > 0) {
    issues.push({
      path: "attach",
      problem: "and volumes exclude each other on Runpod: a pod has one kind of disk besides its own"
    })
  }
  if (market === "community")
    issues.push({ path: "attach", problem: "is for Secure Cloud alone: network volumes are not in Community Cloud" })
  if (attach.some(({ region }) => region === null)) {
    issues.push({
      path: "attach[0].region",
      problem: "is missing: a network volume is in one data centre, as volumes() shows"
    })
  }
  return issues
}

const issuesOf = (spec: Launch): ReadonlyArray<Issue> => {
  const { offer, image = "", env = {}, ports = [], sshKeys = [], registry } = spec
  const parts = partsOf(offer.id)
  const issues: Issue[] = [
    ...portIssues(ports),
    ...volumeIssues(spec, parts?.market),
    ...attachIssues(spec, parts?.market)
  ]
  if (registry) issues.push(...loginIssues(registry, image))
  if (parts === null) issues.push({ path: "offer", problem: `"${offer.id}" is no id of Runpod: list the offers again` })
  if (sshKeys.length > 1) {
    issues.push({
      path: "sshKeys",
      problem: `are ${sshKeys.length}: Runpod documents one in ${keyVariable}, and not how several are written; give one`
    })
  }
  if (sshKeys.length > 0 && keyVariable in env) {
    issues.push({ path: `env.${keyVariable}`, problem: "is the key of sshKeys on Runpod: give one of the two" })
  }
  return issues
}

/** The folder of a network volume that is given none: that of Runpod's own images. Source: Runpod docs, storage/network-volumes. */
const usualFolder = "/workspace"

const mountsOf = ({ volumes = [], attach = [] }: Launch): wire.CreatePod["mounts"] => {
  const [volume] = volumes
  if (volume) return { persistent: { size: gbOfMiB(volume.sizeMiB), path: pathOf(volume.name) } }
  const [network] = attach
  return network && { network: [{ volumeId: network.id, path: network.path ?? usualFolder }] }
}

/**
 * A launch's create, or everything that is wrong with it.
 *
 * - An ssh key goes into `PUBLIC_KEY` of this pod, and port 22 is opened: keys of the account are not touched. The image has
 *   to start sshd, as Runpod's own do.
 * - `disk`, `gpu.count` and the data centre are always sent: Runpod's documented defaults are not what it does.
 *
 * Source: Runpod API reference v2, CreatePodRequest; Runpod docs, pods/configuration/use-ssh.
 */
export const createOf = (spec: Launch): Result.Result<Prepared, InvalidRequest> => {
  const issues = issuesOf(spec)
  const parts = partsOf(spec.offer.id)
  if (issues.length > 0 || parts === null) return Result.fail(InvalidRequest.all(issues))
  const { image = "", env = {}, ports = [], command, diskMiB, sshKeys = [] } = spec
  const { type, count, market, place = spec.attach?.[0]?.region ?? undefined } = parts
  const [key] = sshKeys
  const mounts = mountsOf(spec)
  return Result.succeed((marker) => ({
    name: nameOf(spec.name, marker),
    image,
    ...(market === "cpu" ? { cpu: { id: type, vcpuCount: count } } : { gpu: { id: type, count } }),
    cloud: market === "community" ? "COMMUNITY" : "SECURE",
    ...(place !== undefined && { dataCenterIds: [place] }),
    disk: Math.max(1, gbOfMiB(diskMiB ?? spec.offer.diskMiB ?? mibOfGB(defaultGB))),
    ports: [...portTexts(ports, key !== undefined)],
    env: { ...env, ...(key !== undefined && { [keyVariable]: key.trim() }) },
    ...(command && { cmd: [...command] }),
    ...(mounts && { mounts })
  }))
}
