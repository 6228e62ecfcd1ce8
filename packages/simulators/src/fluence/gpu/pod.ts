import type { Random } from "../../random.ts"
import type { ContainerInstance, ContainerSettings } from "../machine.ts"

/**
 * The name of a pod, in the form of the documented lines: `service-1-b4fcd99f7-f5xr5`. Source: Fluence docs, Get
 * container logs.
 */
export const podName = ({ hex }: Random): string => `service-1-${hex(9)}-${hex(5)}`

/**
 * Whether an image can be pulled.
 *
 * - A repository whose own name begins with `private` needs credentials: a choice of this simulator, after the
 *   documented example `ghcr.io/myorg/private-model:v1`. Right and wrong credentials are treated alike.
 */
export const pullsImage = ({ image, hasCredentials }: ContainerSettings): boolean =>
  hasCredentials || !/(^|\/)private[^/]*$/.test(image)

const eventsOf = ({ pod }: ContainerInstance, events: readonly string[]): string[] =>
  events.map((event) => `[${pod}]: ${event}`)

/** What the cluster says of a container that started. Source: Fluence docs, Get container events. */
export const eventsOfStart = (instance: ContainerInstance, random: Random): string[] =>
  eventsOf(instance, [
    `[Normal] [Scheduled] Successfully assigned pod to node${random.integer(1, 9)}`,
    `[Normal] [Pulled] Container image "${instance.settings.image}" already present on machine`,
    "[Normal] [Created] Created container: service-1",
    "[Normal] [Started] Started container service-1"
  ])

/** What the cluster says of an image it may not pull; the documents give no words for it. */
export const eventsOfFailure = (instance: ContainerInstance): string[] =>
  eventsOf(instance, [
    "[Normal] [Scheduled] Successfully assigned pod to node1",
    `[Warning] [Failed] Failed to pull image "${instance.settings.image}": authorization failed: no basic auth credentials`,
    `[Warning] [BackOff] Back-off pulling image "${instance.settings.image}"`
  ])

const echo = /\becho\s+("[^"]*"|'[^']*'|[^;&|\n'"]+)/g

/** What a container prints when it comes up: the daemon of an exposed port 22, and the echo statements of its command. */
export const logOfStart = ({ pod, expose, settings }: ContainerInstance): string[] => {
  const echoes = [...(settings.startupCommand ?? "").matchAll(echo)].map(([, said = ""]) =>
    said.trim().replaceAll(/^["']|["']$/g, "")
  )
  const daemon = ["Server listening on 0.0.0.0 port 22.", "Server listening on :: port 22."]
  const lines = [...(expose.some(({ port }) => port === "22") ? daemon : []), ...echoes]
  return lines.map((line) => `[${pod}] ${line}`)
}
