import { type InputOf, present } from "@anygpu/operations"
import { InvalidRequest, type LaunchOptions, type RegistryLogin } from "anygpu"
import type { workloadOptions } from "./command/fields.ts"
import { variableIn } from "./command/variable.ts"
import type { Io } from "./io.ts"
import { readStream, readText } from "./read-text.ts"

type Input = InputOf<typeof workloadOptions>

/** The text of a file that an option names. */
export const fileOf = async (path: string, flag: string): Promise<string> => {
  try {
    return await readText(path)
  } catch (error) {
    throw InvalidRequest.of(flag, `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** All variables: first those of the files, one a line, then those of the options; the last of one name counts. */
const variablesOf = async ({ envFile = [], env }: Input, here: Io["env"]): Promise<Input["env"]> => {
  const inFiles: Array<readonly [string, string]> = []
  for (const path of envFile) {
    const lines = (await fileOf(path, "--env-file")).split(/\r?\n/)
    inFiles.push(
      ...lines
        .filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#"))
        .map((line) => variableIn(line.trimStart(), "--env-file", here))
    )
  }
  return inFiles.length === 0 ? env : { ...Object.fromEntries(inFiles), ...env }
}

/** The registry that an image's name leads to: `ghcr.io/me/api` names its own, `me/api` is Docker Hub's. */
export const registryOf = (image: string): string => {
  const [first = "", ...rest] = image.split("/")
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io"
}

/** The login to a private registry; its password comes from standard input, never from the command line. */
const loginOf = async (
  { registryUser: username, registryHost, registryPasswordStdin = false, image }: Input,
  { stdin }: Io
): Promise<RegistryLogin | undefined> => {
  const host = registryHost ?? (image === undefined ? undefined : registryOf(image))
  if (username === undefined) {
    if (!registryPasswordStdin && registryHost === undefined) return undefined
    throw InvalidRequest.of("--registry-user", "is missing: the login to a registry has a user")
  }
  if (host === undefined) throw InvalidRequest.of("--registry-host", "is missing: without --image it is not known")
  if (!registryPasswordStdin) {
    const how = "is missing: pass --registry-password-stdin and the password on standard input"
    throw InvalidRequest.of("--registry-password-stdin", how)
  }
  const given = await readStream(stdin).catch((error: Error) => {
    throw InvalidRequest.of("--registry-password-stdin", `cannot be read: ${error.message}`)
  })
  const password = given.replace(/\r?\n$/, "")
  if (password === "") throw InvalidRequest.of("--registry-password-stdin", "there is nothing on standard input")
  return { host, username, password }
}

/** What `launch` and `update` both say of a workload, as far as it was given. */
export const workloadOf = async (
  input: Input,
  io: Io
): Promise<Partial<Pick<LaunchOptions, "image" | "env" | "ports" | "command" | "onStart" | "registry">>> => {
  const { image, ports, command, onStart } = input
  const env = await variablesOf(input, io.env)
  return present({ image, env, ports, command, onStart, registry: await loginOf(input, io) })
}
