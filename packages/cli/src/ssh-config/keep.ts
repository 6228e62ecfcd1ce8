import { stat } from "node:fs/promises"
import { hostKeyAliasOf, type SshEntry, sshEntries } from "@anygpu/operations/run"
import { type Instance, InstanceRef, type Kind, kinds, type Ledger } from "anygpu"
import { runPromise } from "effect/Effect"
import type { Context } from "../context.ts"
import { readText } from "../read-text.ts"
import { changeFile } from "./change-file.ts"
import { includeLine, type SshConfigFiles, sshConfigFiles } from "./files.ts"
import { identitiesOf } from "./identity.ts"
import { type Pin, takenIn, withPins } from "./known-hosts.ts"
import { partsOf, withLines } from "./marked.ts"
import { hostsIn, linesOf, type Stanza, stanzasIn, updated, type Wanted } from "./stanzas.ts"

const isKind = (text: string): text is Kind => kinds.some((kind) => kind === text)

/** The ref that a stanza names; null for another stanza. */
const refIn = (text: string): InstanceRef | null => {
  const [provider = "", kind = "", ...id] = text.split("/")
  return isKind(kind) && id.length > 0 ? new InstanceRef(provider, kind, id.join("/")) : null
}

const textOf = (path: string): Promise<string> =>
  readText(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return ""
    throw error
  })

/** What is changed in our files. */
interface Change {
  readonly wanted: ReadonlyArray<Wanted>
  readonly isGone: (ref: string) => boolean
  readonly keepsKeys: boolean
}

const mtimeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0
  )

/**
 * What the ledger knows of host keys. One that ssh has taken by itself becomes the ledger's, where it has none.
 *
 * - A container may make new keys where it is restarted: what ssh took before that no longer counts.
 */
const pinsOf = async (ledger: Ledger, path: string, refs: ReadonlyArray<InstanceRef>): Promise<ReadonlyArray<Pin>> => {
  const [text, mtime] = await Promise.all([textOf(path), mtimeOf(path)])
  return await Promise.all(
    refs.map(async (ref) => {
      const name = hostKeyAliasOf(ref)
      const record = await runPromise(ledger.machine(ref))
      if (record?.hostKey !== undefined) return { name, key: record.hostKey, isStale: false }
      const { action, at } = record?.intent ?? {}
      const isStale = ref.kind === "container" && (action === "start" || action === "restart") && (at ?? 0) > mtime
      const taken = isStale ? null : takenIn(text, name)
      if (taken !== null && record) await runPromise(ledger.keepHostKey(ref, taken))
      return { name, key: record ? taken : null, isStale }
    })
  )
}

/** Changes our two files. */
const change = async (
  { ledger }: Pick<Context, "ledger">,
  { user, own, knownHosts }: SshConfigFiles,
  { wanted, isGone, keepsKeys }: Change
): Promise<ReadonlyArray<Stanza>> => {
  const taken = hostsIn((await textOf(user)).split(/\r?\n/))
  let before: ReadonlyArray<Stanza> = []
  let stanzas: ReadonlyArray<Stanza> = []
  await changeFile(own, (text) => {
    before = stanzasIn(partsOf(text ?? "", own).lines ?? [])
    stanzas = updated(before, { wanted, isGone, keepsKeys, knownHosts, taken })
    // Without a machine the marks stay: by its file it is known that it is wanted.
    return withLines(text ?? "", stanzas.length > 0 ? linesOf(stanzas) : ["# no machines"], own)
  })
  const refsOf = (all: ReadonlyArray<Stanza>) => all.flatMap(({ ref }) => refIn(ref) ?? [])
  const gone = new Set(refsOf(before.filter(({ ref }) => isGone(ref))).map(hostKeyAliasOf))
  const pins = await pinsOf(await ledger(), knownHosts, refsOf(stanzas))
  await changeFile(knownHosts, (text) => {
    const next = withPins(text ?? "", pins, (name) => gone.has(name))
    return next === "" && text === null ? null : next
  })
  return stanzas
}

/** Machines as they are to be written, with the key of each. */
const wantedOf = async (
  context: Pick<Context, "ledger">,
  { folder }: SshConfigFiles,
  entries: ReadonlyArray<SshEntry>,
  identity: string | undefined
): Promise<ReadonlyArray<Wanted>> => {
  const refs = entries.flatMap(({ ref }) => {
    const found = refIn(ref)
    return found ? [{ ref: found }] : []
  })
  const identities = identity === undefined ? await identitiesOf(context, refs, folder) : new Map<string, string>()
  return entries.map((entry) => ({ entry, identity: identity ?? identities.get(entry.ref) }))
}

/**
 * Writes all machines into our file, and the one line into the user's.
 *
 * - A machine that is in the file and not among them falls away where `isWhole` says that its cloud was listed whole.
 */
export const install = async (
  context: Pick<Context, "ledger" | "io">,
  entries: ReadonlyArray<SshEntry>,
  isWhole: (cloud: string) => boolean,
  identity?: string
): Promise<ReadonlyArray<Stanza>> => {
  const files = sshConfigFiles(context.io.env)
  const there = new Set(entries.map(({ ref }) => ref))
  const wanted = await wantedOf(context, files, entries, identity)
  const isGone = (ref: string) => !there.has(ref) && isWhole(ref.split("/")[0] ?? "")
  const stanzas = await change(context, files, { wanted, isGone, keepsKeys: false })
  await changeFile(files.user, (text) => {
    const { before, after } = partsOf(text ?? "", files.user)
    const isThere = `${before}\n${after}`.split(/\r?\n/).some((line) => line.trim() === includeLine)
    return withLines(text ?? "", isThere ? [] : [includeLine], files.user)
  })
  return stanzas
}

/** Takes out all that {@link install} has written. */
export const uninstall = async ({ io }: Pick<Context, "io">): Promise<void> => {
  const { user, own, knownHosts } = sshConfigFiles(io.env)
  const without = (path: string) => (text: string | null) => {
    if (text === null) return null
    const rest = withLines(text, [], path)
    return rest === "" && path === own ? null : rest
  }
  await changeFile(user, without(user))
  await changeFile(own, without(own))
  await changeFile(knownHosts, (text) => withPins(text ?? "", [], (name) => name.startsWith("anygpu-")) || null)
}

/** Something to be done with our files, which fails no command: it says what went wrong. */
const besides = async (
  { io, out }: Pick<Context, "io" | "out">,
  work: (files: SshConfigFiles) => Promise<unknown>
): Promise<void> => {
  try {
    await work(sshConfigFiles(io.env))
  } catch (error) {
    out.warn(`ssh-config is not up to date: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Writes machines that were seen into our file; others in it stay as they are. */
export const noteMachines = (context: Context, machines: ReadonlyArray<Instance>): Promise<void> =>
  besides(context, async (files) => {
    const wanted = await wantedOf(context, files, sshEntries(machines), undefined)
    if (wanted.length > 0) await change(context, files, { wanted, isGone: () => false, keepsKeys: true })
  })

/** Takes machines out of our files that the ledger knows to be gone, and holds host keys to what it knows. */
export const followLedger = (context: Pick<Context, "io" | "out" | "ledger">): Promise<void> =>
  besides(context, async (files) => {
    const stanzas = stanzasIn(partsOf(await textOf(files.own), files.own).lines ?? [])
    const ledger = await context.ledger()
    const gone = new Set<string>()
    for (const { ref: text } of stanzas) {
      const ref = refIn(text)
      if (ref && (await runPromise(ledger.machine(ref)))?.goneAt != null) gone.add(text)
    }
    if (stanzas.length > 0)
      await change(context, files, { wanted: [], isGone: (ref) => gone.has(ref), keepsKeys: true })
  })
