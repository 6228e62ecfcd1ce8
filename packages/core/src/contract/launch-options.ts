import type { Issue } from "../errors.ts"
import { imageParts } from "../model/image-login.ts"
import type { LaunchOption, LaunchOptions } from "../model/launch-spec.ts"
import { sshKeyIdentity, sshKeyProblem } from "../model/ssh-key.ts"
import { checkMoney, checkNumber } from "./amounts.ts"
import { amount, anyFields, listOf, nullable, number, oneOf, only, optional, type Shape, text, texts } from "./shape.ts"

/** What there is to say of one launch option; a cloud says besides whether it takes it. */
export interface LaunchOptionRow<Value> {
  /** What its value looks like; callers in plain JavaScript pass anything. */
  readonly shape: Shape
  /** What is wrong with a value of that shape. */
  readonly issues: (value: Value) => ReadonlyArray<Issue>
  /** Its value as a ledger keeps it: what people need to recognise a launch, and nothing that can hold a secret. */
  readonly kept: (value: Value) => unknown
  /**
   * What it is called where a later launch under the same key differs in it, which is refused; null for what makes no
   * other machine, such as a limit, or who may log in.
   */
  readonly heldTo: string | null
}

const asItIs = (value: unknown): unknown => value
const none = (): ReadonlyArray<Issue> => []

/** A name of an image, or of a registry, without a login and without a query. */
const withoutLogin = (image: string): string => imageParts(image).shown

const notEmpty =
  (path: string) =>
  (value: string): ReadonlyArray<Issue> =>
    value.trim() ? [] : [{ path, problem: "is empty" }]

/** No program can be given a NUL: a text ends there. */
const nulIssues = (path: string, value: string): ReadonlyArray<Issue> =>
  value.includes("\0") ? [{ path, problem: "holds a NUL character: remove it" }] : []

/** A reference that no registry knows is still rented for, and pulled until the wait ends. */
const imageIssues = (image: string): ReadonlyArray<Issue> =>
  /[\s\p{Cc}\p{Cf}]/u.test(image.trim())
    ? [{ path: "image", problem: "holds a space or an invisible character: remove it" }]
    : notEmpty("image")(image)

const sshKeyIssues = (keys: LaunchOptions["sshKeys"]): ReadonlyArray<Issue> =>
  keys.flatMap((key, index) => {
    const problem = sshKeyProblem(key)
    return problem === null ? [] : [{ path: `sshKeys[${index}]`, problem }]
  })

const envIssues = (env: LaunchOptions["env"]): ReadonlyArray<Issue> =>
  Object.entries(env).flatMap(([name, value]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      // What is after an equals sign is a value in the wrong place, and may be a secret.
      const path = `env.${name.split("=", 1)[0]}`
      return [{ path, problem: "is not a variable name: use letters, digits and underscores only" }]
    }
    const path = `env.${name}`
    return typeof value === "string"
      ? nulIssues(path, value)
      : [{ path, problem: `must be a text, not ${typeof value}` }]
  })

const portIssues = (ports: LaunchOptions["ports"]): ReadonlyArray<Issue> =>
  ports.flatMap(({ port }, index) =>
    Number.isInteger(port) && port >= 1 && port <= 65535
      ? []
      : [{ path: `ports[${index}].port`, problem: `must be 1 to 65535, not ${port}` }]
  )

const commandIssues = (command: LaunchOptions["command"]): ReadonlyArray<Issue> =>
  command.every((part) => typeof part === "string")
    ? nulIssues("command", command.join(" "))
    : [{ path: "command", problem: "must be a list of texts" }]

const portShape = only("an object such as { port: 8080 }", {
  port: number,
  protocol: optional(oneOf("tcp", "udp", "http"))
})

const volumeShape = only("an object such as { name, sizeMiB }", { name: text, sizeMiB: number, type: optional(text) })

const attachShape = only("an object such as { provider, id, region }", {
  provider: text,
  id: text,
  region: nullable(text),
  path: optional(text)
})

const attachIssues = (volumes: LaunchOptions["attach"]): ReadonlyArray<Issue> =>
  volumes.flatMap(({ id, path }, index) => [
    ...notEmpty(`attach[${index}].id`)(id),
    ...(path === undefined || /^\/[^\0]+$/.test(path)
      ? []
      : [{ path: `attach[${index}].path`, problem: "must be the whole path of a folder, such as /data" }]),
    ...(volumes.findIndex((other) => other.id === id && other.provider === volumes[index]?.provider) === index
      ? []
      : [{ path: `attach[${index}].id`, problem: "is there twice" }])
  ])

const registryShape = only("an object with host, username and password", {
  host: optional(text),
  username: optional(text),
  password: optional(text)
})

/**
 * Every launch option, once: its shape, its check, what a ledger keeps of it, and whether a key is held to it.
 *
 * - A further option is a field of `LaunchOptions` and a row here.
 */
export const launchOptionRows: { readonly [O in LaunchOption]: LaunchOptionRow<LaunchOptions[O]> } = {
  image: { shape: text, issues: imageIssues, kept: withoutLogin, heldTo: "image" },
  os: { shape: text, issues: notEmpty("os"), kept: withoutLogin, heldTo: "os" },
  sshKeys: { shape: texts, issues: sshKeyIssues, kept: (keys) => keys.map(sshKeyIdentity), heldTo: null },
  env: { shape: anyFields, issues: envIssues, kept: (env) => Object.keys(env), heldTo: "variables" },
  ports: {
    shape: listOf("ports such as { port: 8080 }", portShape),
    issues: portIssues,
    kept: asItIs,
    heldTo: "ports"
  },
  command: {
    shape: texts,
    issues: commandIssues,
    kept: ({ length }) => `${length} arguments`,
    heldTo: "command"
  },
  onStart: {
    shape: text,
    issues: (script) => nulIssues("onStart", script),
    kept: ({ length }) => `${length} characters`,
    heldTo: "start script"
  },
  endsItself: { shape: oneOf(true), issues: none, kept: asItIs, heldTo: "end by itself" },
  diskMiB: {
    shape: number,
    issues: (disk) => checkNumber("diskMiB", disk, 1),
    kept: asItIs,
    heldTo: "disk in MiB"
  },
  volumes: {
    shape: listOf("volumes such as { name, sizeMiB }", volumeShape),
    issues: (volumes) => volumes.flatMap(({ sizeMiB }, index) => checkNumber(`volumes[${index}].sizeMiB`, sizeMiB, 1)),
    kept: asItIs,
    heldTo: "volumes"
  },
  attach: {
    shape: listOf("volumes such as { provider, id, region }", attachShape),
    issues: attachIssues,
    kept: asItIs,
    heldTo: "attached volumes"
  },
  registry: {
    shape: registryShape,
    issues: ({ host, username, password }) =>
      host && username && password ? [] : [{ path: "registry", problem: "needs host, username and password" }],
    kept: ({ host }) => host && withoutLogin(host),
    heldTo: "registry"
  },
  bid: {
    shape: amount,
    issues: (bid) =>
      bid.micros > 0 ? checkMoney("bid", bid) : [{ path: "bid", problem: "must be more than zero per hour" }],
    kept: asItIs,
    heldTo: null
  },
  location: { shape: text, issues: notEmpty("location"), kept: asItIs, heldTo: "location" },
  description: { shape: text, issues: none, kept: () => undefined, heldTo: null }
}

/** Every {@link LaunchOption}. */
export const launchOptions = Object.keys(launchOptionRows) as ReadonlyArray<LaunchOption>

/** Calls `use` with the row and the value of each option that is there, of those of a launch or an update. */
export const mapOptions = <A>(
  given: { readonly [O in LaunchOption]?: LaunchOptions[O] | null | undefined },
  use: (option: LaunchOption, row: LaunchOptionRow<never>, value: never) => A
): ReadonlyArray<A> =>
  launchOptions.flatMap((option) => {
    const value = given[option]
    return value === undefined || value === null ? [] : [use(option, launchOptionRows[option], value as never)]
  })
