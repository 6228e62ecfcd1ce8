import {
  attachMarker,
  InvalidRequest,
  type Issue,
  type LaunchSpec,
  type PortRequest,
  plainName,
  type RegistryLogin
} from "@anygpu/core"
import { imageNamed } from "@anygpu/core/adapter"
import * as Result from "effect/Result"
import * as wire from "./wire.ts"

/** The variable in which Fluence hands the ssh key to a container. */
export const keyVariable = "SSH_PUBKEY"

const nameLimit = 25

/** A name as Fluence takes it: at most 25 lower-case letters, digits and hyphens, the launch marker at its end. */
export const nameOf = (name: string, marker: string | null): string =>
  marker === null
    ? plainName(name).slice(0, nameLimit).replace(/-+$/, "")
    : attachMarker(plainName(name), marker, nameLimit)

/** The launch options of containers. */
export const containerOptions = ["image", "ports", "sshKeys", "env", "command", "registry", "location"] as const
/** The launch options of VMs and bare metal: a system and a key. */
export const machineOptions = ["os", "sshKeys"] as const

type Spec = LaunchSpec<"fluence", "container", (typeof containerOptions)[number]>

/** One argument as a shell reads it back. */
const quoted = (argument: string): string =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`

/** What replaces the image's entrypoint: the arguments as one shell command. */
const commandOf = (command: ReadonlyArray<string>): string => command.map(quoted).join(" ")

/** What a container runs, as a launch and an update give it. */
export interface Workload {
  readonly image?: string | undefined
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly command?: ReadonlyArray<string> | undefined
  readonly registry?: RegistryLogin | null | undefined
}

const hosts = ["docker.io", "ghcr.io"] as const
/** A registry for which Fluence takes a login, by the host that people write. */
export const hostOf = (host: string) => hosts.find((known) => known === host)

const envIssues = (env: Readonly<Record<string, string>>): ReadonlyArray<Issue> => {
  const names = Object.keys(env)
  const issues: Issue[] = []
  if (names.length > 64) issues.push({ path: "env", problem: `has ${names.length} variables, Fluence takes 64` })
  for (const name of names) {
    if (name === keyVariable) {
      issues.push({ path: `env.${name}`, problem: "is Fluence's own, for the ssh key: give it in sshKeys" })
    } else if (!/^[A-Z][A-Z0-9_]*$/.test(name)) {
      const problem = "must be upper-case letters, digits and underscores and begin with a letter on Fluence"
      issues.push({ path: `env.${name}`, problem })
    }
  }
  return issues
}

/** What is wrong with a workload, by Fluence's own rules. */
export const workloadIssues = ({ image, env, command, registry }: Workload): ReadonlyArray<Issue> => {
  const issues: Issue[] = []
  if (image !== undefined && (/[A-Z]/.test(image) || image.length > 255)) {
    issues.push({ path: "image", problem: "must be lower case and at most 255 characters long on Fluence" })
  }
  if (env) issues.push(...envIssues(env))
  if (command) {
    const { length } = commandOf(command)
    if (length > 2048) issues.push({ path: "command", problem: `has ${length} characters quoted, Fluence takes 2048` })
  }
  if (registry && !hostOf(registry.host)) {
    issues.push({ path: "registry.host", problem: `must be one of ${hosts.join(", ")}, not "${registry.host}"` })
  }
  return issues
}

/** The settings that a workload states; what it leaves out is left out, and no arguments are the image's own. */
export const settingsOf = ({ env, command, registry }: Workload) => {
  const host = registry && hostOf(registry.host)
  return {
    ...(env && { environment: Object.entries(env).map(([name, value]) => ({ name, value })) }),
    ...(command && command.length > 0 && { startup_command: commandOf(command) }),
    ...(registry && host && { credentials: { host, username: registry.username, password: registry.password } })
  }
}

const portIssues = (ports: ReadonlyArray<PortRequest>): ReadonlyArray<Issue> => [
  ...(ports.length > 10 ? [{ path: "ports", problem: `are ${ports.length}, Fluence exposes at most 10` }] : []),
  ...ports.flatMap(({ port, protocol }, index) =>
    protocol === "http" && port !== 80
      ? [{ path: `ports[${index}]`, problem: `http is for port 80 only on Fluence: expose ${port} as tcp` }]
      : []
  )
]

const keyIssues = (keys: ReadonlyArray<string>): ReadonlyArray<Issue> => {
  const problem = "Fluence documents one key per machine, and not how several are sent: give one"
  return keys.length > 1 ? [{ path: "sshKeys", problem }] : []
}

/** The two parts of a container offer's id. */
const placed = (id: string) => {
  const [, plan = id, place] = /^(.+)@([^@]+)$/.exec(id) ?? []
  return { plan, place }
}

const placeIssues = ({ offer, location }: Spec): ReadonlyArray<Issue> => {
  if (location === undefined) return []
  const { place } = placed(offer.id)
  if (place === undefined) {
    const problem = `must be a two-letter country code, not "${location}"`
    return /^[A-Z]{2}$/i.test(location) ? [] : [{ path: "location", problem }]
  }
  const problem = `is "${location}", and this offer is in ${place}: take the offer of the place that you want`
  return place.toUpperCase() === location.toUpperCase() ? [] : [{ path: "location", problem }]
}

/** A deploy that waits for its marker. */
export type Prepared<Body> = (marker: string) => Body

/** A container's deploy, or everything that is wrong with it. */
export const deployContainerOf = (spec: Spec): Result.Result<Prepared<wire.DeployContainer>, InvalidRequest> => {
  const { offer, name, image = "", ports = [], sshKeys = [] } = spec
  const issues = [...workloadIssues(spec), ...portIssues(ports), ...keyIssues(sshKeys), ...placeIssues(spec)]
  if (issues.length > 0) return Result.fail(InvalidRequest.all(issues))
  const { plan, place = spec.location?.toUpperCase() } = placed(offer.id)
  const [key] = sshKeys
  return Result.succeed((marker) => ({
    plan_id: plan,
    name: nameOf(name, marker),
    container_settings: {
      image,
      expose: ports.map(({ port, protocol = "tcp" }) => ({ port: String(port), protocol })),
      ...settingsOf(spec)
    },
    ...(place !== undefined && { constraints: { location: place } }),
    ...(key !== undefined && { ssh_key: key.trim() })
  }))
}

/** The deploy of a VM or a bare metal machine, or everything that is wrong with it. */
export const deployMachineOf = ({
  offer,
  name,
  os = "",
  sshKeys = []
}: LaunchSpec<"fluence", "vm" | "baremetal", (typeof machineOptions)[number]>): Result.Result<
  Prepared<wire.DeployMachine>,
  InvalidRequest
> => {
  const systems = wire.Option.safeParse(offer.native).data?.os_options
  const images = systems?.map((name) => ({ id: name, name }))
  const found = images ? imageNamed(images, os) : Result.succeed(null)
  if (Result.isFailure(found)) return Result.fail(found.failure)
  const problem = `"${os}" is not among the systems of this offer: ${systems?.join(", ") || "it names none"}`
  const issues = [...keyIssues(sshKeys), ...(images && !found.success ? [{ path: "os", problem }] : [])]
  if (issues.length > 0) return Result.fail(InvalidRequest.all(issues))
  const [key = ""] = sshKeys
  return Result.succeed((marker) => ({
    plan_id: offer.id,
    name: nameOf(name, marker),
    ssh_key: key.trim(),
    os_image: found.success?.id ?? os
  }))
}
