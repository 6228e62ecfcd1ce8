import { type SshEntry, sshConfigLines } from "@anygpu/operations/run"

/** What stands in our file of one machine. */
export interface Stanza {
  readonly ref: string
  readonly lines: ReadonlyArray<string>
}

/** A machine, and what ssh logs in with. */
export interface Wanted {
  readonly entry: SshEntry
  readonly identity: string | undefined
}

/** The stanzas in the lines between the marks. */
export const stanzasIn = (lines: ReadonlyArray<string>): ReadonlyArray<Stanza> => {
  const stanzas: Array<{ ref: string; lines: string[] }> = []
  for (const line of lines) {
    const [, ref] = /^# (\S+\/\S+\/\S+)$/.exec(line) ?? []
    if (ref !== undefined) stanzas.push({ ref, lines: [] })
    else if (line.trim() !== "") stanzas.at(-1)?.lines.push(line)
  }
  return stanzas
}

/** The same as lines. */
export const linesOf = (stanzas: ReadonlyArray<Stanza>): ReadonlyArray<string> =>
  stanzas.flatMap(({ ref, lines }, index) => [...(index === 0 ? [] : [""]), `# ${ref}`, ...lines])

/** The words of the `Host` line of a stanza, and of any configuration: literal names, no patterns. */
export const hostsIn = (lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.flatMap((line) => {
    const [, words = ""] = /^\s*Host(?:\s+|\s*=\s*)(.*)$/i.exec(line) ?? []
    return words.split(/\s+/).filter((word) => word !== "" && !/[*?!]/.test(word))
  })

/** The lines of a stanza that say with which key. */
const keyLines = ({ lines }: Stanza): ReadonlyArray<string> =>
  lines.filter((line) => /^\s*(IdentityFile|IdentitiesOnly)\s/.test(line))

/** The aliases of a machine that no other stanza and no line of the user has. */
const freeAliases = ({ aliases }: SshEntry, taken: ReadonlyArray<string>): ReadonlyArray<string> =>
  aliases.filter((alias) => !taken.includes(alias))

/** What changes: machines that are there, and those that are no longer. */
export interface Update {
  readonly wanted: ReadonlyArray<Wanted>
  readonly isGone: (ref: string) => boolean
  /** Whether a machine that is there already keeps the key that its stanza names. */
  readonly keepsKeys: boolean
  readonly knownHosts: string
  /** Names that the user has given to other hosts. */
  readonly taken: ReadonlyArray<string>
}

/** The stanzas after a change: those of machines that are gone fall away, all others stay in their order. */
export const updated = (
  before: ReadonlyArray<Stanza>,
  { wanted, isGone, keepsKeys, knownHosts, taken }: Update
): ReadonlyArray<Stanza> => {
  const kept = before.filter(({ ref }) => !isGone(ref))
  const untouched = kept.filter(({ ref }) => !wanted.some(({ entry }) => entry.ref === ref))
  const others = [...taken, ...untouched.flatMap(({ lines }) => hostsIn(lines))]
  const made = new Map(
    wanted.map(({ entry, identity }) => {
      const earlier = kept.find(({ ref }) => ref === entry.ref)
      const keys = keepsKeys && earlier ? keyLines(earlier) : []
      const named = keys.length > 0 ? undefined : identity
      const lines = sshConfigLines({ ...entry, aliases: freeAliases(entry, others) }, { knownHosts, identity: named })
      return [entry.ref, { ref: entry.ref, lines: [...lines, ...keys] }]
    })
  )
  const fresh = [...made.values()].filter(({ ref }) => !kept.some((stanza) => stanza.ref === ref))
  return [...kept.map((stanza) => made.get(stanza.ref) ?? stanza), ...fresh]
}
