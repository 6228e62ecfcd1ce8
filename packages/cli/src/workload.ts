import { readFile } from "node:fs/promises"
import { text as textIn } from "node:stream/consumers"
import { InvalidRequest, type LaunchOptions, type PortRequest, type RegistryLogin } from "anygpu"
import type { Options } from "./catalogue/entry.ts"
import type { Io } from "./io.ts"
import { isOn, textOf, textsOf, wholeTextsOf } from "./words.ts"

/** The text of a file that an option names. */
export const fileOf = async (path: string, flag: string): Promise<string> => {
  try {
    return await readFile(path, "utf8")
  } catch (error) {
    throw InvalidRequest.of(flag, `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** One variable: `NAME=value`, or a `NAME` whose value is taken from here. */
const variableOf = (text: string, flag: string, env: Io["env"]): readonly [name: string, value: string] => {
  const [, name, assigned, value = ""] = /^([^=\s]+)(=)?([\s\S]*)$/.exec(text) ?? []
  if (name === undefined) throw InvalidRequest.of(flag, "a variable is written NAME=value")
  if (assigned !== undefined) return [name, value]
  const here = env[name]
  if (here !== undefined) return [name, here]
  throw InvalidRequest.of(flag, `${name} has no value here: write ${name}=value`)
}

/** All variables: first those of the files, one a line, then those of the options; the last of one name counts. */
const variablesOf = async (options: Options, env: Io["env"]): Promise<Record<string, string> | undefined> => {
  const inFiles: Array<readonly [string, string]> = []
  for (const path of wholeTextsOf(options, "envFile")) {
    const lines = (await fileOf(path, "--env-file")).split(/\r?\n/)
    inFiles.push(
      ...lines
        .filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#"))
        .map((line) => variableOf(line.trimStart(), "--env-file", env))
    )
  }
  const own = wholeTextsOf(options, "env").map((text) => variableOf(text, "--env", env))
  return inFiles.length + own.length > 0 ? Object.fromEntries([...inFiles, ...own]) : undefined
}

const protocols = ["tcp", "udp", "http"] as const

/** `8000`, `53/udp`, `80/http`. */
const portOf = (text: string): PortRequest => {
  const [, digits, word = "tcp"] = /^(\d{1,5})(?:\/([a-z]+))?$/i.exec(text) ?? []
  const protocol = protocols.find((name) => name === word.toLowerCase())
  const port = Number(digits)
  if (protocol && port >= 1 && port <= 65_535) return protocol === "tcp" ? { port } : { port, protocol }
  throw InvalidRequest.of("--port", `"${text}" is not a port: write 8000, 53/udp or 80/http`)
}

const wordPattern = /(?:[^\s"'\\]|\\[\s\S]|"(?:[^"\\]|\\[\s\S])*"|'[^']*')+/g

/** The words of a command as a shell parts them; nothing in them is expanded. */
export const wordsOf = (text: string): ReadonlyArray<string> => {
  const rest = text.replace(wordPattern, "")
  if (rest.trim() !== "") throw InvalidRequest.of("--command", `a quote or backslash in ${text} has no partner`)
  const words = text.match(wordPattern) ?? []
  if (words.length === 0) throw InvalidRequest.of("--command", "is empty")
  return words.map((word) =>
    word.replace(
      /\\([\s\S])|"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'/g,
      (_, escaped?: string, double?: string, single?: string) =>
        single !== undefined ? single : double !== undefined ? double.replace(/\\(["\\$`])/g, "$1") : (escaped ?? "")
    )
  )
}

/** The registry that an image's name leads to: `ghcr.io/me/api` names its own, `me/api` is Docker Hub's. */
const registryOf = (image: string): string => {
  const [first = "", ...rest] = image.split("/")
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io"
}

/** The login to a private registry; its password comes from standard input, never from the command line. */
const loginOf = async (options: Options, { stdin }: Io): Promise<RegistryLogin | undefined> => {
  const [username, image] = [textOf(options, "registryUser"), textOf(options, "image")]
  const host = textOf(options, "registryHost") ?? (image === undefined ? undefined : registryOf(image))
  if (username === undefined) {
    if (!isOn(options, "registryPasswordStdin") && textOf(options, "registryHost") === undefined) return undefined
    throw InvalidRequest.of("--registry-user", "is missing: the login to a registry has a user")
  }
  if (host === undefined) throw InvalidRequest.of("--registry-host", "is missing: without --image it is not known")
  if (!isOn(options, "registryPasswordStdin")) {
    const how = "is missing: pass --registry-password-stdin and the password on standard input"
    throw InvalidRequest.of("--registry-password-stdin", how)
  }
  const password = (await textIn(stdin)).replace(/\r?\n$/, "")
  if (password === "") throw InvalidRequest.of("--registry-password-stdin", "there is nothing on standard input")
  return { host, username, password }
}

/** What `launch` and `update` both say of a workload, as far as it was given. */
export const workloadOf = async (
  options: Options,
  io: Io
): Promise<Partial<Pick<LaunchOptions, "image" | "env" | "ports" | "command" | "onStart" | "registry">>> => {
  const [image, command, onStart] = [textOf(options, "image"), textOf(options, "command"), textOf(options, "onStart")]
  const [env, ports] = [await variablesOf(options, io.env), textsOf(options, "port").map(portOf)]
  const script = onStart === undefined ? undefined : await fileOf(onStart, "--on-start")
  const registry = await loginOf(options, io)
  return {
    ...(image !== undefined && { image }),
    ...(env && { env }),
    ...(ports.length > 0 && { ports }),
    ...(command !== undefined && { command: wordsOf(command) }),
    ...(script !== undefined && { onStart: script }),
    ...(registry && { registry })
  }
}
