import { attachMarker, InvalidRequest, type Issue, type LaunchSpec, plainName } from "@anygpu/core"
import { gbOfMiB, mibOfGB } from "@anygpu/core/adapter"
import * as Result from "effect/Result"
import { partsOf } from "./offer-id.ts"
import { defaultGB, markerTag } from "./values.ts"
import * as wire from "./wire.ts"

/** The launch options of machines. */
export const launchOptions = ["os", "sshKeys", "diskMiB", "volumes", "attach", "description"] as const
/** Those without which none is launched: without a key nobody can ever log in. */
export const requiredOptions = ["os", "sshKeys"] as const

/** A launch as Verda takes it. */
export type Launch = LaunchSpec<"verda", "vm", (typeof launchOptions)[number]>

/** A create that waits for ids of keys, its image and its marker. */
export type Draft = (keys: ReadonlyArray<string>, image: string) => (marker: string) => wire.CreateInstance

/** The most characters of a host name are not documented: 60 works with all known clients. */
const longestName = 60

const volumeIssues = ({ volumes = [] }: Launch): ReadonlyArray<Issue> =>
  volumes.flatMap(({ name, type, sizeMiB }, index) => {
    const path = `volumes[${index}]`
    return [
      ...(/[a-z0-9]/i.test(name) ? [] : [{ path: `${path}.name`, problem: "needs a letter or a digit" }]),
      ...(type === undefined || type === "NVMe"
        ? []
        : [
            {
              path: `${path}.type`,
              problem: `is "${type}"; expected NVMe: HDD is no longer made, and shared ones have no price here`
            }
          ]),
      ...(sizeMiB > 0 ? [] : [{ path: `${path}.sizeMiB`, problem: "must be above zero" }])
    ]
  })

const attachIssues = ({ attach = [] }: Launch): ReadonlyArray<Issue> =>
  attach.flatMap(({ id, path }, index) => [
    ...(wire.isUuid(id) ? [] : [{ path: `attach[${index}].id`, problem: `"${id}" is no id of a volume of Verda` }]),
    ...(path === undefined
      ? []
      : [
          {
            path: `attach[${index}].path`,
            problem: "is not for Verda: a volume is a disk, to be mounted on the machine"
          }
        ])
  ])

const issuesOf = (spec: Launch): ReadonlyArray<Issue> => [
  ...volumeIssues(spec),
  ...attachIssues(spec),
  ...(partsOf(spec.offer.id) === null
    ? [{ path: "offer", problem: `"${spec.offer.id}" is no id of Verda: list the offers again` }]
    : []),
  ...(spec.sshKeys?.length ? [] : [{ path: "sshKeys", problem: "is empty: nobody could ever log in" }])
]

/**
 * A launch's create, or everything that is wrong with it.
 *
 * - The marker is in the host name, in a tag, and in the names of the disks: by that of the OS volume its end is known to be
 *   ours.
 * - What spot takes away takes its OS volume along, and leaves data volumes, which cost on.
 *
 * Source: Verda API v1, OpenAPI: POST /instances.
 */
export const createOf = (spec: Launch): Result.Result<Draft, InvalidRequest> => {
  const issues = issuesOf(spec)
  const parts = partsOf(spec.offer.id)
  if (issues.length > 0 || parts === null) return Result.fail(InvalidRequest.all(issues))
  const { diskMiB, volumes = [], attach = [], description } = spec
  const { type, place, isSpot } = parts
  const size = Math.max(defaultGB, gbOfMiB(diskMiB ?? spec.offer.diskMiB ?? mibOfGB(defaultGB)))
  const named = (name: string, marker: string) => attachMarker(plainName(name), marker, longestName)
  return Result.succeed((keys, image) => (marker) => ({
    ...{ instance_type: type, image, location_code: place, hostname: named(spec.name, marker) },
    ...(description !== undefined && { description }),
    ssh_key_ids: [...keys],
    tags: [{ key: markerTag, value: marker }],
    os_volume: {
      ...{ name: `${named(spec.name, marker)}-os`, size },
      ...(isSpot && { on_spot_discontinue: "delete_permanently" as const })
    },
    ...(volumes.length > 0 && {
      volumes: volumes.map(({ name, sizeMiB }) => ({
        ...{ name: named(name, marker), size: gbOfMiB(sizeMiB), type: "NVMe" as const },
        ...(isSpot && { on_spot_discontinue: "keep_detached" as const })
      }))
    }),
    ...(attach.length > 0 && { existing_volumes: attach.map(({ id }) => id) }),
    is_spot: isSpot
  }))
}
