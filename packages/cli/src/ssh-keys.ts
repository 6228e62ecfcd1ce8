import { homedir } from "node:os"
import { join } from "node:path"
import type { InputOf } from "@anygpu/operations"
import { InvalidRequest } from "anygpu"
import type { launchFields } from "./command/fields.ts"
import type { Io } from "./io.ts"
import { readText } from "./read-text.ts"
import { fileOf } from "./workload.ts"

/** The public keys of a launch, and where they come from. */
export interface LaunchKeys {
  readonly texts: ReadonlyArray<string>
  readonly files: ReadonlyArray<string>
  /** Named on the command line, and not the default. */
  readonly asked: boolean
}

const isPublicKey = (text: string): boolean => /^(ssh-|ecdsa-|sk-)[\w@.-]+ +[A-Za-z0-9+/=]+/.test(text)

/** The keys of a file, one a line. A private key is refused by its first words, and never repeated. */
const keysIn = (text: string, path: string): ReadonlyArray<string> => {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith("#"))
  if (lines.length > 0 && lines.every(isPublicKey)) return lines.map((line) => line.trim())
  const hint = text.includes("PRIVATE KEY") ? `it is a private key: name ${path}.pub` : "it has a line that is no key"
  throw InvalidRequest.of("--ssh-key", `${path} holds no public ssh key: ${hint}`)
}

/** The keys of `--ssh-key`; without it the user's own `~/.ssh/id_ed25519.pub`, if it is there; none with `--no-ssh-key`. */
export const launchKeysOf = async (
  { sshKeys: asked = [], sshKey: allowed = true }: Pick<InputOf<typeof launchFields>, "sshKeys" | "sshKey">,
  env: Io["env"]
): Promise<LaunchKeys> => {
  if (asked.length > 0) {
    const texts = await Promise.all(asked.map(async (path) => keysIn(await fileOf(path, "--ssh-key"), path)))
    return { texts: texts.flat(), files: asked, asked: true }
  }
  const none = { texts: [], files: [], asked: false }
  if (!allowed) return none
  const path = join(env.HOME || homedir(), ".ssh", "id_ed25519.pub")
  const text = await readText(path).catch(() => null)
  return text === null ? none : { texts: keysIn(text, path), files: [path], asked: false }
}
