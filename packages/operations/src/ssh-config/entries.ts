import type { Instance, InstanceRef } from "anygpu"
import { isDown } from "../machines/reachable.ts"

/** What ssh has to know of one machine. */
export interface SshEntry {
  readonly ref: string
  /** What it is called on a command line: its name where that is its alone, and always the name of its host key. */
  readonly aliases: ReadonlyArray<string>
  readonly host: string
  readonly port: number
  readonly user: string
  /** See {@link hostKeyAliasOf}. */
  readonly hostKeyAlias: string
}

/** Where ssh finds keys. */
export interface SshFiles {
  /** Where host keys are kept; the user's own file where it is left out. */
  readonly knownHosts?: string | undefined
  /** The private key of a machine; those that ssh tries by itself where it is left out. */
  readonly identity?: string | undefined
}

/** A name as one word of ssh's: `my trainer` is `my-trainer`. A dot would make it look like a host of the net. */
const wordOf = (name: string | null): string | null => {
  const word = (name ?? "")
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^[-_]+|[-_]+$/g, "")
    .slice(0, 60)
  return word === "" || word.toLowerCase() === "localhost" || word.startsWith("anygpu-") ? null : word
}

/** The name under which ssh keeps the host key of a machine: never that of another one, wherever it is reached. */
export const hostKeyAliasOf = ({ provider, kind, id }: Pick<InstanceRef, "provider" | "kind" | "id">): string =>
  `anygpu-${provider}-${kind}-${id}`

/** Machines that somebody can log in to, each with the names that are its alone. */
export const sshEntries = (machines: ReadonlyArray<Instance>): ReadonlyArray<SshEntry> => {
  const sound = machines.filter(({ ref, status, endpoints }) => {
    const isPlain = [ref.provider, ref.kind, ref.id].every((part) => /^[\w.-]+$/.test(part))
    return isPlain && !isDown(status) && endpoints.ssh.length > 0
  })
  const words = sound.map(({ name }) => wordOf(name))
  const isShared = (word: string) => words.filter((other) => other?.toLowerCase() === word.toLowerCase()).length > 1
  return sound.flatMap(({ ref, endpoints: { ssh } }, index) => {
    const [endpoint, word] = [ssh[0], words[index] ?? null]
    if (!endpoint) return []
    const hostKeyAlias = hostKeyAliasOf(ref)
    const own = word === null ? [] : [isShared(word) ? `${word}-${ref.id}` : word]
    const { host, port, user } = endpoint
    return [{ ref: String(ref), aliases: [...own, hostKeyAlias], host, port, user, hostKeyAlias }]
  })
}

/** A path as a value of ssh's configuration, in which a percent sign begins something else. */
const pathValue = (path: string): string => `"${path.replaceAll("\\", "/").replaceAll("%", "%%")}"`

/** What ssh's configuration says of a machine. A host key that changes is refused; the first one is taken. */
export const sshConfigLines = (
  { aliases, host, port, user, hostKeyAlias }: SshEntry,
  { knownHosts, identity }: SshFiles = {}
): ReadonlyArray<string> => [
  `Host ${aliases.join(" ")}`,
  `  HostName ${host}`,
  `  Port ${port}`,
  `  User ${user}`,
  `  HostKeyAlias ${hostKeyAlias}`,
  ...(knownHosts === undefined ? [] : [`  UserKnownHostsFile ${pathValue(knownHosts)}`, "  HashKnownHosts no"]),
  "  StrictHostKeyChecking accept-new",
  ...(identity === undefined ? [] : [`  IdentityFile ${pathValue(identity)}`, "  IdentitiesOnly yes"])
]
