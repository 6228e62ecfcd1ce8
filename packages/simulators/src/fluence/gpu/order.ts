import { breaks, type Field, isGiven, items, member, object, optionalItems, optionalText, text } from "../form.ts"
import type { ContainerSettings, Exposed, Variable } from "../machine.ts"

/** What an update of a container says. */
export interface ContainerUpdate {
  readonly name: string
  readonly settings: ContainerSettings
}

/** What a deployment of a container says. */
export interface ContainerOrder extends ContainerUpdate {
  readonly planId: string
  readonly expose: readonly Exposed[]
  readonly location: string | null
  readonly sshKey: string | null
}

/** What a deployment of a VM or bare metal says. */
export interface OsOrder {
  readonly planId: string
  readonly name: string
  readonly sshKey: string
  readonly osImage: string
}

/** 1 to 25 lower-case letters, digits and hyphens, none at the ends. Source: Fluence docs, Deploy an instance, Manage instances. */
export const nameIn = (body: Field): string => {
  const field = member(body, "name")
  const name = text(field)
  if (typeof field.value === "string" && !/^[a-z0-9](?:[a-z0-9-]{0,23}[a-z0-9])?$/.test(name))
    breaks(field, "Name must be 1-25 lowercase letters, digits or hyphens and cannot start or end with a hyphen")
  return name
}

/** At most 255 characters in lower case. Source: Fluence docs, Deploy an instance. */
const imageIn = (settings: Field): string => {
  const field = member(settings, "image")
  const image = text(field)
  if (typeof field.value === "string" && (image === "" || image.length > 255 || image !== image.toLowerCase()))
    breaks(field, "Image must be lowercase and at most 255 characters")
  return image
}

const variableIn = (item: Field): Variable => {
  const field = object(item)
  const named = member(field, "name")
  const name = text(named)
  if (typeof named.value === "string" && !/^[A-Z][A-Z0-9_]*$/.test(name))
    breaks(named, "Variable name must consist of uppercase letters, digits and underscores and start with a letter")
  return { name, value: text(member(field, "value")) }
}

/**
 * Up to 64 variables. Source: Fluence docs, Deploy an instance.
 *
 * - `SSH_PUBKEY` together with a key is refused: the documents say that such a deployment fails, not how.
 */
const environmentIn = (settings: Field, sshKey: string | null): readonly Variable[] => {
  const field = member(settings, "environment")
  const fields = optionalItems(field)
  const variables = fields.map(variableIn)
  if (variables.length > 64) breaks(field, "At most 64 environment variables are allowed")
  const reserved = fields[variables.findIndex(({ name }) => name === "SSH_PUBKEY")]
  if (reserved !== undefined && sshKey !== null) breaks(member(reserved, "name"), "SSH_PUBKEY is reserved")
  return sshKey === null ? variables : [...variables, { name: "SSH_PUBKEY", value: sshKey }]
}

const commandIn = (settings: Field): string | null => {
  const field = member(settings, "startup_command")
  const command = optionalText(field)
  if (command !== null && command.length > 2048) breaks(field, "Startup command must be at most 2048 characters")
  return command
}

const credentialsIn = (settings: Field): boolean => {
  const field = member(settings, "credentials")
  if (!isGiven(field)) return false
  const credentials = object(field)
  const host = member(credentials, "host")
  const name = text(host)
  if (name !== "" && name !== "docker.io" && name !== "ghcr.io") breaks(host, "Host must be docker.io or ghcr.io")
  for (const part of ["username", "password"]) text(member(credentials, part))
  return true
}

const exposedIn = (item: Field): Exposed => {
  const field = object(item)
  const portField = member(field, "port")
  const port = text(portField)
  if (typeof portField.value === "string" && (!/^\d{1,9}$/.test(port) || Number(port) < 1 || Number(port) > 65_535))
    breaks(portField, "Port must be between 1 and 65535")
  const protocolField = member(field, "protocol")
  const protocol = optionalText(protocolField) ?? "tcp"
  if (!["tcp", "udp", "http"].includes(protocol)) breaks(protocolField, "Protocol must be tcp, udp or http")
  else if (protocol === "http" && port !== "80") breaks(protocolField, "Protocol http is only allowed for port 80")
  return { port, protocol }
}

/** 1 to 10 ports, as text: a number is no documented form and refused. Source: Fluence docs, Deploy an instance. */
const exposeIn = (settings: Field): readonly Exposed[] => {
  const field = member(settings, "expose")
  const exposed = items(field).map(exposedIn)
  if (Array.isArray(field.value) && (exposed.length < 1 || exposed.length > 10))
    breaks(field, "Between 1 and 10 ports must be exposed")
  return exposed
}

/**
 * Reads the body of an update. Source: Fluence docs, Update a container deployment.
 *
 * - `expose` is ignored whatever it says, as the documents say of the ports in an update.
 */
export const updateIn = (body: Field, settings = object(member(body, "container_settings"))): ContainerUpdate => {
  const name = nameIn(body)
  const sshKey = optionalText(member(body, "ssh_key"))
  return {
    name,
    settings: {
      image: imageIn(settings),
      environment: environmentIn(settings, sshKey),
      startupCommand: commandIn(settings),
      hasCredentials: credentialsIn(settings)
    }
  }
}

/** Reads the body of a container deployment. Source: Fluence docs, Deploy an instance. */
export const containerOrderIn = (body: Field): ContainerOrder => {
  const constraints = member(body, "constraints")
  const settings = object(member(body, "container_settings"))
  return {
    planId: text(member(body, "plan_id")),
    ...updateIn(body, settings),
    expose: exposeIn(settings),
    location: isGiven(constraints) ? optionalText(member(object(constraints), "location")) : null,
    sshKey: optionalText(member(body, "ssh_key"))
  }
}

/** Reads the body of a VM or bare metal deployment. Source: Fluence docs, Deploy an instance. */
export const osOrderIn = (body: Field): OsOrder => ({
  planId: text(member(body, "plan_id")),
  name: nameIn(body),
  sshKey: text(member(body, "ssh_key")),
  osImage: text(member(body, "os_image"))
})
