import { createHash } from "node:crypto"
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { HostKeyChanged } from "@anygpu/core"
import type { Address } from "./failures.ts"

/**
 * The host keys of machines, by a name that stays theirs: addresses and ports are those of another machine tomorrow.
 *
 * - A key is a text such as `ssh-ed25519 AAAAC3...`, as in a public key file.
 * - A store of your own may keep them wherever it likes; what it throws is the failure of the connection.
 */
export interface KnownHosts {
  /** The key that was remembered; null for none. */
  get(name: string): Promise<string | null>
  /** Remembers a key, in the place of an earlier one. */
  remember(name: string, key: string): Promise<void>
  /** Forgets it: the next connection remembers what it is shown. Nothing where none is known. */
  forget(name: string): Promise<void>
}

/** Host keys as long as the process lives. */
export const memoryKnownHosts = (): KnownHosts => {
  const keys = new Map<string, string>()
  return {
    get: async (name) => keys.get(name) ?? null,
    remember: async (name, key) => void keys.set(name, key),
    forget: async (name) => void keys.delete(name)
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT"

/** What a line says: its name, and its key. */
const parsed = (line: string): readonly [string, string] | null => {
  const [name, type, body] = line.trim().split(/\s+/)
  return name && type && body && !name.startsWith("#") ? [name, `${type} ${body}`] : null
}

/**
 * Host keys in a file, in the form of OpenSSH's `known_hosts`: one `name type key` a line.
 *
 * - It is read again each time and written whole, aside first, so that two processes never read half of it.
 * - Lines that it cannot read are kept as they are. Its folder is made when it is needed, for nobody else to read.
 */
export const fileKnownHosts = (path: string): KnownHosts => {
  const lines = async (): Promise<ReadonlyArray<string>> => {
    try {
      return (await readFile(path, "utf8")).split("\n").filter((line) => line !== "")
    } catch (error) {
      if (isMissing(error)) return []
      throw error
    }
  }
  const write = async (next: ReadonlyArray<string>): Promise<void> => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const aside = `${path}.${process.pid}.new`
    await writeFile(aside, next.map((line) => `${line}\n`).join(""), { mode: 0o600 })
    await chmod(aside, 0o600)
    await rename(aside, path)
  }
  const others = async (name: string) => (await lines()).filter((line) => parsed(line)?.[0] !== name)
  // One change after the other: each is of the whole file.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = (change: () => Promise<void>): Promise<void> => {
    const next = last.then(change, change)
    last = next.catch(() => {})
    return next
  }
  return {
    get: async (name) => (await lines()).map(parsed).find((entry) => entry?.[0] === name)?.[1] ?? null,
    remember: (name, key) => inTurn(async () => write([...(await others(name)), `${name} ${key}`])),
    forget: (name) => inTurn(async () => write(await others(name)))
  }
}

/** The type of a key as it stands in its own bytes, and the whole as text. */
export const hostKeyText = (blob: Buffer): string => {
  const length = blob.readUInt32BE(0)
  return `${blob.toString("latin1", 4, 4 + length)} ${blob.toString("base64")}`
}

/** The fingerprint of a key as OpenSSH writes it. */
export const fingerprintOf = (key: string): string => {
  const hash = createHash("sha256").update(Buffer.from(key.split(" ")[1] ?? "", "base64"))
  return `SHA256:${hash.digest("base64").replace(/=+$/, "")}`
}

/** The machine shows another key than the one that is remembered. */
export const hostKeyChanged = ({ host, port }: Address, expected: string, shown: string): HostKeyChanged =>
  new HostKeyChanged({
    message: `${host}:${port} shows another host key (${shown}) than it had (${expected}): it may be another machine, or somebody in between. Nothing was sent to it`,
    retry: "permanent",
    host,
    expected,
    shown
  })
