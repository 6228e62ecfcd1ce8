import {
  breaks,
  type Field,
  isGiven,
  items,
  member,
  object,
  optionalItems,
  optionalText,
  text,
  whole
} from "../form.ts"
import type { OpenPort } from "../machine.ts"

/** What a create says beside its constraints. */
export interface VmConfiguration {
  readonly name: string
  readonly osImage: string
  readonly sshKeys: readonly string[]
  readonly ports: readonly OpenPort[]
}

/** What an update says of a machine; undefined leaves as it is. */
export interface CpuUpdate {
  readonly id: string
  readonly name: string | null
  readonly ports: readonly OpenPort[] | null
}

/** Letters, digits and hyphens; how many isn't documented. Source: Fluence docs, Order VM. */
const nameRule = (field: Field, name: string) => {
  if (name !== "" && !/^[A-Za-z0-9-]+$/.test(name)) breaks(field, "Name may consist of letters, digits and hyphens")
  return name
}

const portIn = (item: Field): OpenPort => {
  const field = object(item)
  const portField = member(field, "port")
  const port = whole(portField)
  if (typeof portField.value === "number" && (port < 1 || port > 65_535))
    breaks(portField, "Port must be between 1 and 65535")
  // Reserved. Source: Fluence docs, Order VM.
  if (port === 10_250) breaks(portField, "Port 10250 is reserved")
  const protocolField = member(field, "protocol")
  const protocol = text(protocolField)
  if (protocol !== "" && protocol !== "tcp" && protocol !== "udp") breaks(protocolField, "Protocol must be tcp or udp")
  return { port, protocol }
}

const isSsh = ({ port, protocol }: OpenPort) => port === 22 && protocol === "tcp"

/** Up to 50 ports beside 22. Source: Fluence docs, Rent a VM (console). */
const portsIn = (field: Field): readonly OpenPort[] => {
  const ports = optionalItems(field).map(portIn)
  if (ports.filter((port) => !isSsh(port)).length > 50) breaks(field, "At most 50 ports can be opened")
  return ports
}

const imageSuffix = /\.(qcow2|img|raw)$|\.(raw|img)\.(xz|gz)$/

/** A URL of an image. Source: Fluence docs, Order VM, OS image. */
const osImageIn = (field: Field): string => {
  const url = text(field)
  if (url !== "" && !(URL.canParse(url) && imageSuffix.test(url))) breaks(field, "Must be the URL of an OS image")
  return url
}

/**
 * Reads `vmConfiguration` of a create. Source: Fluence docs, Order VM.
 *
 * - Port 22 is open whatever it says ("only 22/tcp is open by default"). At least one key, which isn't looked into.
 */
export const configurationIn = (body: Field): VmConfiguration => {
  const field = object(member(body, "vmConfiguration"))
  const nameField = member(field, "name")
  const keys = member(field, "sshKeys")
  const found = items(keys).map(text)
  if (Array.isArray(keys.value) && found.length === 0) breaks(keys, "At least one SSH key is required")
  optionalText(member(field, "hostname"))
  const ports = portsIn(member(field, "openPorts")).filter((port) => !isSsh(port))
  return {
    name: nameRule(nameField, text(nameField)),
    osImage: osImageIn(member(field, "osImage")),
    sshKeys: found,
    ports: [{ port: 22, protocol: "tcp" }, ...ports]
  }
}

/** Reads how many machines a create or an estimate asks for. */
export const instancesIn = (body: Field): number => {
  const field = member(body, "instances")
  const instances = whole(field)
  if (typeof field.value === "number" && instances < 1) breaks(field, "Must be at least 1")
  return instances
}

/** Reads one update: a body of PATCH /vms/v2, an item of PATCH /vms/v3. Source: Fluence docs, Update VM ports and name. */
export const cpuUpdateIn = (item: Field): CpuUpdate => {
  const field = object(item)
  const nameField = member(field, "vmName")
  const name = optionalText(nameField)
  const ports = member(field, "openPorts")
  return {
    id: text(member(field, "id")),
    name: name === null ? null : nameRule(nameField, name),
    ports: isGiven(ports) ? portsIn(ports) : null
  }
}
