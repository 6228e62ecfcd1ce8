import { InvalidRequest, type LaunchRecord, ProviderFault, type Target, type WorkloadUpdate } from "@anygpu/core"
import { imageHost } from "@anygpu/core/adapter"
import * as Result from "effect/Result"
import { hostOf, keyVariable, nameOf, settingsOf, workloadIssues } from "./from-domain.ts"
import type * as wire from "./wire.ts"

/** What `update` can change: everything but the ports, which are fixed at the launch. */
export const containerUpdates = ["name", "image", "env", "command", "registry"] as const

/** A container that is to be changed, and what is known of its launch. */
export type Changing = Pick<Target<wire.Container>, "native" | "described"> & {
  readonly launch: Pick<LaunchRecord, "spec"> | null
  /** Whether it was given a login after its launch, as far as this process knows. */
  readonly hasLogin: boolean
  /** The images that Fluence offers to everybody. */
  readonly offered: ReadonlySet<string>
}

/** Nothing is replaced by a guess. */
const unreadable = () =>
  new ProviderFault({
    message:
      "Fluence did not show all settings of the container, and an update replaces all of them: nothing was sent; try again later",
    retry: "temporary"
  })

/** Docker's official images, `ubuntu:22.04` or `docker.io/library/ubuntu`: nobody needs a login for them. */
const isOfficial = (image: string): boolean => /^((index\.)?docker\.io\/)?(library\/)?[^/]+$/.test(image)

/**
 * Whether an image needs no login, however it was launched: of a registry for which Fluence takes none, Docker's
 * official ones, and those that Fluence itself offers (`offered`).
 */
const needsNoLogin = (image: string, offered: ReadonlySet<string>): boolean =>
  offered.has(image) || isOfficial(image) || hostOf(imageHost(image)) === undefined

/** Whether a container is known to have no login: its launch had none and its image is the same, or it needs none. */
const isPublic = ({ native, launch, hasLogin, offered }: Changing): boolean => {
  const image = native.container_info?.image
  if (hasLogin || !image) return false
  if (needsNoLogin(image, offered)) return launch?.spec.registry === undefined
  return launch !== null && launch.spec.registry === undefined && launch.spec.image === image
}

const loginIssue = ({ launch }: Changing): InvalidRequest => {
  const host = launch?.spec.registry
  const because =
    typeof host === "string" ? `it was launched with a login to ${host}` : "whether it has one is not known"
  return InvalidRequest.of(
    "registry",
    `Fluence replaces the whole container and never returns its registry login, and ${because}: call ` +
      "update({ ..., registry }) with the login, or with null when the image is public"
  )
}

/**
 * The full replacement that a change comes to: what is left out is what the container has now.
 *
 * - `SSH_PUBKEY`, which Fluence shows among the variables, goes back as the ssh key and never as a variable.
 * - No answer repeats the registry login: without `registry`, only a container whose own launch is known to have
 *   had none is changed, or whose image needs none. A login that another process gave it later, for the same image,
 *   nobody knows of.
 */
export const replacementOf = (
  target: Changing,
  changes: WorkloadUpdate
): Result.Result<wire.UpdateContainer, InvalidRequest | ProviderFault> => {
  const issues = workloadIssues(changes)
  if (issues.length > 0) return Result.fail(InvalidRequest.all(issues))
  if (changes.registry === undefined && !isPublic(target)) return Result.fail(loginIssue(target))
  const { native, described } = target
  const name = changes.name === undefined ? native.name : nameOf(changes.name, described.marker)
  const image = changes.image ?? native.container_info?.image
  const variables = native.container_info?.environment
  if (!name || !image || !variables) return Result.fail(unreadable())
  const key = variables.find((variable) => variable.name === keyVariable)?.value
  const command = native.container_info?.startup_command
  return Result.succeed({
    name,
    container_settings: {
      image,
      environment: variables.filter((variable) => variable.name !== keyVariable),
      ...(command && changes.command === undefined && { startup_command: command }),
      ...settingsOf(changes)
    },
    ...(key && { ssh_key: key })
  })
}

/** Whether a change was refused only because it is not known whether the container has a login. */
export const isLoginInDoubt = (result: ReturnType<typeof replacementOf>): boolean =>
  Result.isFailure(result) &&
  result.failure._tag === "InvalidRequest" &&
  result.failure.issues.some(({ path }) => path === "registry")
