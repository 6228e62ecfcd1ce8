import { randomBytes } from "node:crypto"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bundle } from "../bundle.ts"
import { median } from "../measure.ts"
import type { Machine } from "./machine.ts"
import { byShell, type Round, ran } from "./shell-way.ts"

/** One way to copy something: what it is called, and its seconds and memory in each round. */
export interface Measured {
  readonly what: string
  /** The middle of all rounds. */
  readonly seconds: number
  /** By how much longer than the way it is beside. */
  readonly ratio: number
  /** The most of all rounds, in MiB; null for what is no process of ours. */
  readonly mebibytes: number | null
}

/** The program that a copy of ours is made by. */
const clientSource = new URL("./copy-client.ts", import.meta.url).pathname

/** A copy by us, in a process of its own: by the program in one file, as the command is published. */
const byClient = async (
  client: string,
  { direct, user, key }: Machine,
  transport: string,
  ...copy: readonly ["upload" | "download", string, string]
): Promise<Round> => {
  const args = [client, String(direct), user, key, transport, ...copy]
  return JSON.parse(await ran(process.execPath, args)) as Round
}

/** Files that do not compress: one big one, and many small ones in folders. */
const makeFiles = (bigMegabytes: number, count: number) => {
  const root = mkdtempSync(join(tmpdir(), "anygpu-bench-copy-"))
  const [big, many] = [join(root, "big"), join(root, "many")]
  mkdirSync(big)
  for (let at = 0; at < bigMegabytes; at += 50) {
    writeFileSync(join(big, "file"), randomBytes(Math.min(50, bigMegabytes - at) * 1_000_000), { flag: "a" })
  }
  for (let index = 0; index < count; index++) {
    const folder = join(many, `folder-${index % 100}`)
    if (index < 100) mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `file-${index}`), randomBytes(1000 + ((index * 7919) % 11_000)))
  }
  return { root, big, many }
}

/** One way, and the one that it is beside: itself where nothing else is said. */
interface Way {
  readonly what: string
  readonly beside?: string
  readonly run: () => Promise<Round>
}

/** What a copy test does. */
export interface CopyPlan {
  readonly megabytes: number
  readonly files: number
  readonly rounds: number
}

/** Copies both ways by ssh alone, by rsync and by us, in turns; each round into folders of its own. */
export const copyTest = async (
  machine: Machine,
  transport: string,
  { megabytes, files, rounds }: CopyPlan
): Promise<ReadonlyArray<Measured>> => {
  const { root, big, many } = makeFiles(megabytes, files)
  const client = await bundle(clientSource, join(root, "client.mjs"))
  const there = (name: string) => join(machine.folder, `copy-${name}`)
  const here = (name: string) => join(root, `back-${name}`)
  const clean = () => ran("bash", ["-c", `rm -rf ${machine.folder}/copy-* ${root}/back-*`])
  const shell = (line: string) => () => byShell(machine, line)
  const ours =
    (...copy: readonly ["upload" | "download", string, string]) =>
    () =>
      byClient(client, machine, transport, ...copy)
  const [bigUp, manyUp] = [`${megabytes} MB up`, `${files} files up`]
  const [bigDown, manyDown] = [`${megabytes} MB down`, `${files} files down`]
  const ways: ReadonlyArray<Way> = [
    { what: `${bigUp}, ssh cat`, run: shell(`$SSH $HOST 'cat > ${there("cat")}' < ${big}/file`) },
    {
      what: `${bigUp}, rsync`,
      beside: `${bigUp}, ssh cat`,
      run: shell(`rsync -a -e "$SSH" ${big}/file $HOST:${there("rsync")}`)
    },
    { what: `${bigUp}, anygpu`, beside: `${bigUp}, ssh cat`, run: ours("upload", big, there("big")) },
    {
      what: `${manyUp}, ssh tar`,
      run: shell(`tar -cf - -C ${many} . | $SSH $HOST 'mkdir ${there("tar")} && tar -xf - -C ${there("tar")}'`)
    },
    {
      what: `${manyUp}, rsync`,
      beside: `${manyUp}, ssh tar`,
      run: shell(`rsync -a -e "$SSH" ${many}/ $HOST:${there("many-rsync")}`)
    },
    { what: `${manyUp}, anygpu`, beside: `${manyUp}, ssh tar`, run: ours("upload", many, there("many")) },
    {
      what: `${manyUp} again, rsync`,
      beside: `${manyUp}, rsync`,
      run: shell(`rsync -a -e "$SSH" ${many}/ $HOST:${there("many-rsync")}`)
    },
    { what: `${manyUp} again, anygpu`, beside: `${manyUp}, anygpu`, run: ours("upload", many, there("many")) },
    { what: `${bigDown}, ssh cat`, run: shell(`$SSH $HOST 'cat ${there("cat")}' > ${here("cat")}`) },
    { what: `${bigDown}, anygpu`, beside: `${bigDown}, ssh cat`, run: ours("download", there("big"), here("big")) },
    {
      what: `${manyDown}, ssh tar`,
      run: shell(`mkdir ${here("tar")}; $SSH $HOST 'tar -cf - -C ${there("tar")} .' | tar -xf - -C ${here("tar")}`)
    },
    { what: `${manyDown}, anygpu`, beside: `${manyDown}, ssh tar`, run: ours("download", there("many"), here("many")) }
  ]
  const all = new Map<string, Round[]>(ways.map(({ what }) => [what, []]))
  try {
    for (let round = 0; round < rounds; round++) {
      for (const { what, run } of ways) all.get(what)?.push(await run())
      await clean()
    }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
  const secondsOf = (what: string) => median((all.get(what) ?? []).map(({ seconds }) => seconds))
  return ways.map(({ what, beside = what }) => {
    const memory = (all.get(what) ?? []).flatMap(({ mebibytes }) => mebibytes ?? [])
    return {
      what,
      seconds: secondsOf(what),
      ratio: secondsOf(what) / secondsOf(beside),
      mebibytes: memory.length > 0 ? Math.max(...memory) : null
    }
  })
}
