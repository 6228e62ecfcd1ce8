import {
  attachMarker,
  type CloudEnd,
  InvalidRequest,
  type Issue,
  type LaunchIdentity,
  type LaunchSpec,
  type PortRequest,
  plainName
} from "@anygpu/core"
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import { partsOf } from "./offer-id.ts"
import { type ShadeformKind, tagsOf } from "./to-domain.ts"
import type * as wire from "./wire.ts"

/** The launch options of all kinds. Disks come with the type; a volume is made by `native`, and attached to one machine. */
export const launchOptions = [
  "os",
  "sshKeys",
  "image",
  "env",
  "ports",
  "command",
  "onStart",
  "registry",
  "attach"
] as const
/** A launch without a key gets the account's default one, which may be another person's. */
export const requiredOptions = ["sshKeys"] as const

/** A launch as Shadeform takes it. */
export type Launch<K extends ShadeformKind = ShadeformKind> = LaunchSpec<"shadeform", K, (typeof launchOptions)[number]>

/** A create that waits for the id of its key, and its marker. */
export type Prepared = (keyId: string) => (identity: Pick<LaunchIdentity, "marker" | "end">) => wire.CreateInstance

/**
 * When a machine ends by itself, as Shadeform takes it: a date in seconds, and dollars with two digits.
 *
 * - Both are sent together where both are wanted: whether an update merges them with what was there is not documented.
 *
 * Source: Shadeform API reference, AutoDelete.
 */
export const autoDeleteOf = ({ at, spent }: CloudEnd): NonNullable<wire.CreateInstance["auto_delete"]> => ({
  date_threshold: at.toISOString().replace(/\.\d+Z$/, "Z"),
  ...(spent && { spend_threshold: (spent.micros / 1_000_000).toFixed(2) })
})

/** What is wrong with an amount at which a machine shall end: users of the API have sent whole cents. */
export const spentIssues = ({ spent }: CloudEnd): ReadonlyArray<Issue> =>
  spent && (spent.currency !== "USD" || spent.micros <= 0 || spent.micros % 10_000 !== 0)
    ? [{ path: "end.spent", problem: 'must be whole US cents above zero, such as money("5.25"), on Shadeform' }]
    : []

/** The most characters of a name, and which ones, are not documented: the clouds behind get it too, so it is plain. */
const longestName = 50

/** A name as a machine has it, with the launch marker at its end. It begins with a letter, as host names do. */
export const nameOf = (name: string, marker: string | null): string => {
  const plain = plainName(name).replace(/^(?=\d)/, "m-")
  return marker === null ? plain.slice(0, longestName) : attachMarker(plain, marker, longestName)
}

const portIssues = (ports: ReadonlyArray<PortRequest>): ReadonlyArray<Issue> =>
  ports.flatMap(({ port, protocol }, index) => {
    const path = `ports[${index}]`
    if (protocol === "udp") return [{ path, problem: "must be tcp or http: Shadeform maps no UDP" }]
    return port === 22 ? [{ path, problem: "is the machine's own, by which people log in: take another port" }] : []
  })

/** How Shadeform cuts its one text of arguments into several is not documented: nothing goes in that depends on it. */
const commandIssues = (command: ReadonlyArray<string>): ReadonlyArray<Issue> =>
  command.flatMap((part, index) =>
    /^[\w@%+=:,./-]+$/.test(part)
      ? []
      : [
          {
            path: `command[${index}]`,
            problem:
              "holds a space, a quote or a sign that shells read, or is empty; Shadeform takes all arguments as one text and does not say how it cuts it: put them into the image, or into env"
          }
        ]
  )

/** What belongs to a container, in a launch without one. */
const withoutImage = ({ ports = [], command, registry }: Launch): ReadonlyArray<Issue> => [
  ...(ports.length > 0
    ? [
        {
          path: "ports",
          problem: "are mapped for an image: without one every port of the machine is open, leave it out"
        }
      ]
    : []),
  ...(command ? [{ path: "command", problem: "is for an image: give image as well, or onStart in its place" }] : []),
  ...(registry ? [{ path: "registry", problem: "is the login for an image: give image as well" }] : [])
]

const hostOf = (image: string): string => {
  const [first = "", ...rest] = image.split("/")
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io"
}

const withImage = ({ image = "", onStart, ports = [], command = [], registry }: Launch): ReadonlyArray<Issue> => [
  ...portIssues(ports),
  ...commandIssues(command),
  ...(onStart !== undefined
    ? [{ path: "onStart", problem: "cannot come with an image: a machine of Shadeform runs a container or a script" }]
    : []),
  ...(registry && registry.host !== hostOf(image)
    ? [{ path: "registry.host", problem: `must be that of the image, ${hostOf(image)}: Shadeform takes no other one` }]
    : [])
]

/**
 * A volume is a raw disk here, such as `/dev/vdb`: that Shadeform mounts it by itself would format it, and no document says
 * whether one that holds data is spared.
 *
 * Source: Shadeform docs, guides/attachvolume.
 */
const attachIssues = ({ attach = [] }: Launch): ReadonlyArray<Issue> => [
  ...(attach.length > 1
    ? [{ path: "attach", problem: `are ${attach.length}, a machine of Shadeform has one volume` }]
    : []),
  ...attach.flatMap(({ path }, index) =>
    path === undefined
      ? []
      : [
          {
            path: `attach[${index}].path`,
            problem: "is not for Shadeform: a volume is a disk, to be mounted on the machine"
          }
        ]
  )
]

const issuesOf = (spec: Launch): ReadonlyArray<Issue> => {
  const { offer, os, sshKeys = [], image } = spec
  const issues: Issue[] = [...(image === undefined ? withoutImage(spec) : withImage(spec)), ...attachIssues(spec)]
  if (partsOf(offer.id) === null) {
    issues.push({ path: "offer", problem: `"${offer.id}" is no id of Shadeform: list the offers again` })
  }
  if (sshKeys.length !== 1) {
    issues.push({ path: "sshKeys", problem: `are ${sshKeys.length}, a machine of Shadeform takes exactly one` })
  }
  if (os !== undefined && offer.systems && !offer.systems.includes(os)) {
    issues.push({ path: "os", problem: `must be one of ${offer.systems.join(", ")}, not "${os}"` })
  }
  return issues
}

const envsOf = (env: Launch["env"] = {}) => Object.entries(env).map(([name, value]) => ({ name, value }))

/** Scripts are bash: one that names no interpreter gets that one. Source: Shadeform docs, guides/startupscript. */
const scriptOf = (script: string): string => (script.startsWith("#!") ? script : `#!/bin/bash\n${script}`)

/** What runs on a machine: a container, or a script, or neither. Variables are those of the container where there is one. */
const workloadOf = (spec: Launch): Pick<wire.CreateInstance, "launch_configuration" | "envs"> => {
  const { image, ports = [], command = [], registry, onStart } = spec
  const envs = envsOf(spec.env)
  if (image === undefined) {
    return {
      ...(envs.length > 0 && { envs }),
      ...(onStart !== undefined && {
        launch_configuration: {
          type: "script",
          script_configuration: { base64_script: Base64.encode(scriptOf(onStart)) }
        }
      })
    }
  }
  const docker = {
    image: image.trim(),
    ...(command.length > 0 && { args: command.join(" ") }),
    ...(envs.length > 0 && { envs }),
    ...(ports.length > 0 && { port_mappings: ports.map(({ port }) => ({ host_port: port, container_port: port })) }),
    ...(registry && { registry_credentials: { username: registry.username, password: registry.password } })
  }
  return { launch_configuration: { type: "docker", docker_configuration: docker } }
}

/**
 * A launch's create, or everything that is wrong with it.
 *
 * - `shade_cloud` is always true: a machine of the user's own linked account is billed elsewhere.
 * - The key is always sent. The marker stands in the tags, and in the name.
 *
 * Source: Shadeform API reference, CreateRequest; Shadeform docs, guides/dockercontainers and guides/startupscript.
 */
export const createOf = (spec: Launch): Result.Result<Prepared, InvalidRequest> => {
  const issues = issuesOf(spec)
  const parts = partsOf(spec.offer.id)
  if (issues.length > 0 || parts === null) return Result.fail(InvalidRequest.all(issues))
  const { cloud, type, region, isSpot } = parts
  return Result.succeed((keyId) => ({ marker, end }) => ({
    ...{ cloud, region, shade_instance_type: type, shade_cloud: true },
    rental_type: isSpot ? "spot" : "on_demand",
    name: nameOf(spec.name, marker),
    ...(spec.os !== undefined && { os: spec.os }),
    ssh_key_id: keyId,
    tags: [...tagsOf(marker, spec.offer.kind)],
    ...(end && { auto_delete: autoDeleteOf(end) }),
    ...(spec.attach?.length && { volume_ids: spec.attach.map(({ id }) => id) }),
    ...workloadOf(spec)
  }))
}
