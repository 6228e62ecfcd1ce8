import {
  attachMarker,
  decimalOf,
  InvalidRequest,
  type Issue,
  type LaunchIdentity,
  type LaunchSpec,
  type Money
} from "@anygpu/core"
import * as Result from "effect/Result"
import { mostPorts } from "./host-facts.ts"
import { mostPackable, mostScript } from "./packed-script.ts"
import { gbOfMiB, isVmImage } from "./to-domain.ts"
import { type CreateBody, Offer } from "./wire.ts"

/** Labels work up to 128 characters everywhere; Vast's own limits are 256 and 1024 in different places. */
const labelLimit = 128

/** A name as Vast's label, with the launch marker at its end. */
export const labelOf = (name: string, marker: string | null): string =>
  marker === null ? name.slice(0, labelLimit) : attachMarker(name, marker, labelLimit)

/** A bid in USD per hour and machine. */
export const bidOf = (perHour: Money): number => Number(decimalOf(perHour))

/** The launch options of containers, and of VMs: keys and ssh only, from Vast's own images. */
export const containerOptions = [
  "image",
  "sshKeys",
  "env",
  "ports",
  "command",
  "onStart",
  "endsItself",
  "diskMiB",
  "registry",
  "bid"
] as const
export const vmOptions = ["os", "sshKeys", "diskMiB", "bid"] as const

type Spec = LaunchSpec<"vast", "container", (typeof containerOptions)[number]>
type VmSpec = LaunchSpec<"vast", "vm", (typeof vmOptions)[number]>

/** A create that waits for its marker. */
export interface Prepared {
  readonly offerId: string
  /** Secrets that the body holds inside a longer text: no error may show them by themselves. */
  readonly secrets: ReadonlyArray<string>
  readonly body: (identity: LaunchIdentity) => CreateBody
}

/** What is wrong with a bid. */
export const bidProblems = (path: string, bid: Money): ReadonlyArray<Issue> =>
  bid.micros < 1_000 || bid.micros > 128_000_000 || bid.currency !== "USD"
    ? [{ path, problem: `must be 0.001 to 128 USD per hour, not ${decimalOf(bid)} ${bid.currency}` }]
    : []

const bidIssues = ({ offer, bid }: Spec | VmSpec): ReadonlyArray<Issue> => {
  if (offer.interruptible && !bid) {
    const least = offer.minimumBid ? `, at least ${decimalOf(offer.minimumBid)} now` : ""
    return [{ path: "bid", problem: `is required for an interruptible offer: what to pay per hour${least}` }]
  }
  if (bid && !offer.interruptible) {
    return [
      { path: "bid", problem: "makes a machine interruptible, and this offer is not: search interruptible offers" }
    ]
  }
  return bid ? bidProblems("bid", bid) : []
}

/** The ports that the machine of an offer has; on the others no port would ever be reachable. */
const openPorts = (native: unknown): number => {
  const row = Offer.safeParse(native)
  return row.data?.direct_port_count ?? Number.POSITIVE_INFINITY
}

const containerIssues = (spec: Spec): ReadonlyArray<Issue> => {
  const { env = {}, ports = [], command, onStart, endsItself, sshKeys, registry } = spec
  const issues: Issue[] = [...bidIssues(spec)]
  const size = Object.entries(env).reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  if (isVmImage(spec.image ?? "")) {
    issues.push({ path: "image", problem: "is an image for Vast's virtual machines: launch it as a VM" })
  }
  if (size > 32_768) issues.push({ path: "env", problem: `holds ${size} characters, Vast takes 32768 in all` })
  const open = Math.min(mostPorts, openPorts(spec.offer.native))
  if (ports.length > open) {
    issues.push({ path: "ports", problem: `are ${ports.length}, this machine opens at most ${open}` })
  }
  if (onStart !== undefined && onStart.length > mostPackable) {
    const problem = `has ${onStart.length} characters, which never fit into the ${mostScript} that Vast takes: fetch it in the script`
    issues.push({ path: "onStart", problem })
  }
  const words = command?.join(" ").length ?? 0
  if (words > 4096) issues.push({ path: "command", problem: `has ${words} characters, Vast takes 4096` })
  if (command && onStart !== undefined) {
    issues.push({ path: "onStart", problem: "would replace the entrypoint beside command on Vast: use one of them" })
  }
  if (command && endsItself) {
    issues.push({
      path: "endsItself",
      problem: "needs a start script, and Vast runs none beside command: use onStart"
    })
  }
  if (command && sshKeys && sshKeys.length > 0) {
    issues.push({ path: "sshKeys", problem: "have no effect beside command, which runs without ssh: use onStart" })
  }
  for (const [part, value] of Object.entries(registry ?? {})) {
    if (/\s/.test(value)) issues.push({ path: `registry.${part}`, problem: "must hold no spaces on Vast" })
  }
  return issues
}

const common = (spec: Spec | VmSpec) => ({
  disk: gbOfMiB(spec.diskMiB ?? spec.offer.diskMiB ?? undefined),
  target_state: "running" as const,
  cancel_unavail: true as const,
  ...(spec.bid && { price: bidOf(spec.bid) })
})

/**
 * A container's create, or everything that is wrong with it.
 *
 * - `startScript`: what goes as its start script, which may depend on when it is to end; `onStart` as it is given without it.
 */
export const containerOf = (
  spec: Spec,
  startScript: (end: Date | null) => string | undefined = () => spec.onStart
): Result.Result<Prepared, InvalidRequest> => {
  const issues = containerIssues(spec)
  if (issues.length > 0) return Result.fail(InvalidRequest.all(issues))
  const { image = "", env = {}, ports = [], command, registry } = spec
  const published = ports.map(({ port, protocol }) => [`-p ${port}:${port}${protocol === "udp" ? "/udp" : ""}`, "1"])
  const body = ({ marker, end }: LaunchIdentity): CreateBody => {
    const onstart = startScript(end?.at ?? null)
    return {
      image,
      label: labelOf(spec.name, marker),
      ...common(spec),
      runtype: command ? "args" : "ssh_direct",
      env: { ...env, ...Object.fromEntries(published) },
      ...(command && { args: [...command] }),
      ...(onstart !== undefined && { onstart }),
      ...(registry && { image_login: `-u ${registry.username} -p ${registry.password} ${registry.host}` })
    }
  }
  return Result.succeed({ offerId: spec.offer.id, secrets: registry ? [registry.password] : [], body })
}

/**
 * A VM's create: its image is one of `docker.io/vastai/kvm`, in full or by its tag. Only by its image Vast's list
 * distinguishes a VM from a container, so another image is refused.
 */
export const vmOf = (spec: VmSpec): Result.Result<Prepared, InvalidRequest> => {
  const os = spec.os ?? ""
  const known = os.includes("/") ? isVmImage(os) : /^@?\w[\w.-]*$/.test(os)
  const problem = `"${os}" is neither a tag nor an image of docker.io/vastai/kvm`
  const issues = [...bidIssues(spec), ...(known ? [] : [{ path: "os", problem }])]
  if (issues.length > 0) return Result.fail(InvalidRequest.all(issues))
  const body = ({ marker }: LaunchIdentity): CreateBody => ({
    image: os.includes("/") ? os : `docker.io/vastai/kvm:${os}`,
    label: labelOf(spec.name, marker),
    ...common(spec),
    runtype: "ssh_direct",
    env: {},
    vm: true
  })
  return Result.succeed({ offerId: spec.offer.id, secrets: [], body })
}
