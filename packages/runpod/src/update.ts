import {
  type GpuError,
  InvalidRequest,
  type Issue,
  ProviderFault,
  type Target,
  type WorkloadUpdate
} from "@anygpu/core"
import * as Result from "effect/Result"
import { keyVariable, nameOf, portIssues, portTexts } from "./from-domain.ts"
import { loginIssues } from "./registry.ts"
import type * as wire from "./wire.ts"

/** What can be changed of a stopped pod; a change of a running one resets it. Source: Runpod docs, pods/manage-pods. */
export const podUpdates = ["name", "image", "env", "command", "ports", "closePorts", "registry"] as const

type Changing = Pick<Target<wire.Pod>, "native" | "described">

const loginPort = "22/tcp"

/** The ports as they shall be: that of logging in stays, unless its end is asked for. */
const portsOf = (
  { ports }: wire.Pod,
  { ports: wanted, closePorts = [] }: WorkloadUpdate
): ReadonlyArray<string> | null | undefined => {
  if (wanted === undefined && closePorts.length === 0) return undefined
  if (ports == null) return null
  const closed = closePorts.map((port) => `${port}/tcp`)
  const texts = wanted === undefined ? ports : portTexts(wanted, ports.includes(loginPort))
  const asked = wanted === undefined ? [] : portTexts(wanted, false)
  return texts.filter((port) => !closed.includes(port) || asked.includes(port))
}

const unreadable = (what: string) =>
  new ProviderFault({
    message: `Runpod did not show the ${what} of the pod, and a change replaces all of them: nothing was sent; try again later`,
    retry: "temporary"
  })

const issuesOf = ({ image }: wire.Pod, changes: WorkloadUpdate): ReadonlyArray<Issue> => {
  const of = changes.image ?? image
  return [...portIssues(changes.ports ?? []), ...(changes.registry && of ? loginIssues(changes.registry, of) : [])]
}

/**
 * The change of a stopped pod, without the login to a registry, which is an id on the account.
 *
 * - Variables are replaced as a whole: the key by which its owner logs in, which is one of them, goes back with them.
 */
export const changeOf = (
  { native, described }: Changing,
  changes: WorkloadUpdate
): Result.Result<Omit<wire.UpdatePod, "registry">, GpuError> => {
  const issues = issuesOf(native, changes)
  if (issues.length > 0) return Result.fail(InvalidRequest.all(issues))
  const { name, image, env, command } = changes
  const ports = portsOf(native, changes)
  if (ports === null) return Result.fail(unreadable("ports"))
  if (env && native.env === null) return Result.fail(unreadable("variables"))
  const key = native.env?.[keyVariable]
  return Result.succeed({
    ...(name !== undefined && { name: nameOf(name, described.marker) }),
    ...(image !== undefined && { image }),
    ...(env && { env: { ...(key && { [keyVariable]: key }), ...env } }),
    ...(command && { cmd: [...command] }),
    ...(ports && { ports: [...ports] })
  })
}
