import {
  attachMarker,
  decimalOf,
  InvalidRequest,
  type Issue,
  type LaunchIdentity,
  type LaunchSpec,
  type PortRequest,
  plainName,
  scaleMoney,
  type WorkloadUpdate
} from "@anygpu/core"
import * as Result from "effect/Result"
import type * as z from "zod"
import { portOf } from "../values.ts"
import { mostPorts } from "./to-domain.ts"
import { type CreateBody, ImageUrl, type OpenPort, type UpdateBody, type Vm } from "./wire.ts"

/** The launch options of CPU VMs. */
export const cpuOptions = ["os", "sshKeys", "ports"] as const

type Spec = LaunchSpec<"fluence", "cpu-vm", (typeof cpuOptions)[number]>

/** Letters, digits and hyphens are documented, a length is not: a name is the VM's host name too, so 63 characters. */
const nameLimit = 63

/** A name as Fluence takes it, with the launch marker at its end. */
export const vmNameOf = (name: string, marker: string | null): string => {
  const plain = plainName(name)
  return marker === null ? plain.slice(0, nameLimit).replace(/-$/, "") : attachMarker(plain, marker, nameLimit)
}

const ssh: OpenPort = { port: 22, protocol: "tcp" }

type AnyPort = { readonly port: number | string; readonly protocol?: string | null | undefined }

const same = (a: OpenPort, b: AnyPort): boolean => a.port === portOf(b.port) && a.protocol === b.protocol?.toLowerCase()

/** The ports to open, each once, and what is wrong with them. */
const portsOf = (ports: ReadonlyArray<PortRequest>) => {
  const open: OpenPort[] = []
  const issues: Issue[] = []
  for (const [index, { port, protocol = "tcp" }] of ports.entries()) {
    if (port === 10_250) issues.push({ path: `ports[${index}].port`, problem: "10250 is reserved by Fluence" })
    if (protocol === "http") {
      issues.push({ path: `ports[${index}].protocol`, problem: "must be tcp or udp: Fluence's CPU VMs have no http" })
    } else if (!open.some((known) => same(known, { port, protocol }))) open.push({ port, protocol })
  }
  const extra = open.filter((port) => !same(ssh, port)).length
  if (extra > mostPorts) {
    issues.push({ path: "ports", problem: `are ${extra} besides ssh, Fluence opens at most ${mostPorts}` })
  }
  return { open, issues }
}

/** A create that waits for its marker. */
export interface PreparedVm {
  readonly body: (identity: LaunchIdentity) => CreateBody
}

/**
 * What one VM may cost per day at most: what the offer says, so that an order that the offer no longer fits is refused.
 * An offer without a price is bound by the caller's own limit alone.
 */
const mostPerEpoch = ({ offer, maxPerHour }: Spec): string | null => {
  const most = offer.terms?.compute.perStep ?? (maxPerHour && scaleMoney(maxPerHour, 24))
  return most ? decimalOf(most) : null
}

/** Whether an `os` is the name of a default image, to be looked up: all have several words, and an address has slashes. */
export const isImageName = (os: string): boolean => /\w\s+\w/.test(os) && !/[/:]/.test(os)

/**
 * An order of one VM of the offer's configuration in its country, or everything that is wrong with it.
 *
 * - Port 22 is open whether it is asked for or not: without it nobody gets in.
 */
export const cpuVmOf = (spec: Spec, osImage = spec.os ?? ""): Result.Result<PreparedVm, InvalidRequest> => {
  const { sshKeys = [], ports = [] } = spec
  const [, slug = "", country] = /^([a-z0-9.-]+)(?:@([A-Z]{2}))?$/i.exec(spec.offer.id) ?? []
  const { open, issues } = portsOf(ports)
  if (!slug) issues.push({ path: "offer", problem: `"${spec.offer.id}" is no id of an offer: take one from offers()` })
  const image = ImageUrl.safeParse(osImage)
  if (image.error && !isImageName(osImage))
    issues.push(...image.error.issues.map(({ message }) => ({ path: "os", problem: message })))
  if (issues.length > 0) return Result.fail(InvalidRequest.all(issues))
  const most = mostPerEpoch(spec)
  const body = ({ marker }: LaunchIdentity): CreateBody => ({
    constraints: {
      basicConfiguration: slug,
      ...(country !== undefined && { datacenter: { countries: [country] } }),
      ...(most !== null && { maxTotalPricePerEpochUsd: most })
    },
    instances: 1,
    vmConfiguration: {
      name: vmNameOf(spec.name, marker),
      osImage,
      openPorts: open.some((port) => same(ssh, port)) ? open : [ssh, ...open],
      sshKeys: sshKeys.map((key) => key.trim())
    }
  })
  return Result.succeed({ body })
}

/** Whether a list of ports would close the one that people log in by; a VM has it open unless the row says otherwise. */
const closesSsh = (open: ReadonlyArray<OpenPort>, { ports }: Vm): boolean =>
  !open.some((port) => same(ssh, port)) && (ports?.some((port) => same(ssh, port)) ?? true)

/**
 * A change of the name, of the ports, or of both; what is wrong with it otherwise.
 *
 * - The ports given are all that stay open. One that leaves out port 22 while it is open locks people out: refused unless
 *   `closePorts` names it.
 */
export const cpuUpdateOf = (
  vm: Vm,
  marker: string | null,
  { name, ports, closePorts = [] }: WorkloadUpdate
): Result.Result<z.input<typeof UpdateBody>, InvalidRequest> => {
  const { open, issues } = portsOf(ports ?? [])
  for (const [index, port] of closePorts.entries()) {
    const problem = ports ? "is among ports, which stay open" : "needs ports: all that stay open"
    if (!ports || open.some((kept) => same(kept, { port, protocol: "tcp" })))
      issues.push({ path: `closePorts[${index}]`, problem })
  }
  if (ports && !closePorts.includes(ssh.port) && closesSsh(open, vm)) {
    const problem = "leave out port 22 (tcp), which is open: add it, or close it on purpose with closePorts: [22]"
    issues.push({ path: "ports", problem })
  }
  if (issues.length > 0) return Result.fail(InvalidRequest.all(issues))
  return Result.succeed({
    id: vm.id,
    ...(name !== undefined && { vmName: vmNameOf(name, marker) }),
    ...(ports && { openPorts: open })
  })
}
