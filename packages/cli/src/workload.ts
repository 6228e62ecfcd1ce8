import { readFile } from "node:fs/promises"
import { text as textIn } from "node:stream/consumers"
import { parsePort, parseWords } from "@anygpu/operations/run"
import { InvalidRequest, type LaunchOptions, type RegistryLogin } from "anygpu"
import type { Options } from "./catalogue/entry.ts"
import { variableIn } from "./command/variable.ts"
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

/** All variables: first those of the files, one a line, then those of the options; the last of one name counts. */
const variablesOf = async (options: Options, env: Io["env"]): Promise<Record<string, string> | undefined> => {
  const inFiles: Array<readonly [string, string]> = []
  for (const path of wholeTextsOf(options, "envFile")) {
    const lines = (await fileOf(path, "--env-file")).split(/\r?\n/)
    inFiles.push(
      ...lines
        .filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#"))
        .map((line) => variableIn(line.trimStart(), "--env-file", env))
    )
  }
  const own = wholeTextsOf(options, "env").map((text) => variableIn(text, "--env", env))
  return inFiles.length + own.length > 0 ? Object.fromEntries([...inFiles, ...own]) : undefined
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
  const [env, ports] = [
    await variablesOf(options, io.env),
    textsOf(options, "port").map((text) => parsePort(text, "--port"))
  ]
  const script = onStart === undefined ? undefined : await fileOf(onStart, "--on-start")
  const registry = await loginOf(options, io)
  return {
    ...(image !== undefined && { image }),
    ...(env && { env }),
    ...(ports.length > 0 && { ports }),
    ...(command !== undefined && { command: parseWords(command, "--command") }),
    ...(script !== undefined && { onStart: script }),
    ...(registry && { registry })
  }
}
