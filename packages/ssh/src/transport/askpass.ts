import { readFile, writeFile } from "node:fs/promises"
import { homedir } from "node:os"
import { join } from "node:path"
import { InvalidRequest } from "@anygpu/core"
import { openPrivateKey, readPrivateKey } from "../keys/private-key.ts"
import type { Login } from "./login.ts"

/** The variable that the program has the passphrase in, so that it stands in no file and no command line. */
const variable = "ANYGPU_SSH_PASSPHRASE"

/** The passphrase of a key that was named and is encrypted; null where none is needed, or nobody can be asked. */
const passphraseOf = async ({ key, passphrase }: Login): Promise<string | null> => {
  if (key === undefined || passphrase === undefined) return null
  const isText = typeof key !== "string" || key.includes("PRIVATE KEY-----")
  const path = isText ? null : String(key).replace(/^~(?=\/|$)/, homedir())
  const text = path === null ? Buffer.from(key).toString("utf8") : await readFile(path, "utf8").catch(() => null)
  const read = text === null ? null : readPrivateKey(text, null)
  if (read === null || !read.encrypted) return null
  const name = path ?? "the key that was given"
  const given = await passphrase(name)
  // What `ssh2` cannot read at all may be read by OpenSSH: that is no word on the passphrase.
  const opened = openPrivateKey(read, given)
  if (opened instanceof Error && /passphrase|integrity|decrypt/i.test(opened.message)) {
    throw InvalidRequest.of("key", `${name} cannot be opened: ${opened.message}`)
  }
  return given
}

/** What lets the system's ssh have a passphrase without a terminal: its environment, and the options for that. */
export interface Askpass {
  readonly env: Readonly<Record<string, string>>
  readonly options: Readonly<Record<string, string>>
}

/**
 * Asks for the passphrase of the key, where there is one to ask for, and hands it to `ssh` by a program in the folder.
 *
 * - `InvalidRequest` for a wrong passphrase. Without anybody to ask, ssh asks nobody either.
 */
export const askpassFor = async (folder: string, login: Login): Promise<Askpass> => {
  const passphrase = await passphraseOf(login)
  if (passphrase === null) return { env: {}, options: { BatchMode: "yes" } }
  const program = join(folder, "askpass")
  await writeFile(program, `#!/bin/sh\nprintf '%s\\n' "$${variable}"\n`, { mode: 0o700 })
  return {
    env: { [variable]: passphrase, SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: "force", DISPLAY: ":0" },
    // It answers whatever is asked: so nothing but the passphrase may be.
    options: {
      ...{ BatchMode: "no", PasswordAuthentication: "no", KbdInteractiveAuthentication: "no" },
      NumberOfPasswordPrompts: "1"
    }
  }
}
