import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** A group of processes that may use so much memory together: what uses more is ended by the kernel. */
export interface SmallMemory {
  /** A line for `sh` within it: a shell of its own. */
  readonly within: (line: string) => string
  readonly remove: () => void
}

/** Where groups with a limit can be, and what their limit is called: cgroup v1, and v2 where it limits memory. */
const places = [
  { folder: "/sys/fs/cgroup/memory", limit: "memory.limit_in_bytes" },
  { folder: "/sys/fs/cgroup", limit: "memory.max" }
]

const tryMake = (bytes: number): SmallMemory | null => {
  for (const { folder, limit } of places) {
    const group = join(folder, `anygpu-test-${process.pid}-${bytes}`)
    try {
      mkdirSync(group)
    } catch {
      continue
    }
    const remove = () => rmdirSync(group)
    try {
      if (!existsSync(join(group, limit))) throw new Error("no limit of memory")
      writeFileSync(join(group, limit), String(bytes))
      // A process has to be let in, too.
      execFileSync("sh", ["-c", `echo $$ > ${join(group, "cgroup.procs")}`], { stdio: "ignore" })
      return { within: (line) => `sh -c 'echo $$ > ${join(group, "cgroup.procs")}; ${line}'`, remove }
    } catch {
      remove()
    }
  }
  return null
}

/** Makes one; throws where this computer does not allow it. */
export const makeSmallMemory = (bytes: number): SmallMemory => {
  const made = tryMake(bytes)
  if (made === null) throw new Error("no group with a limit of memory can be made here")
  return made
}

/** Whether memory cannot be limited on this computer: it takes root, and a cgroup that can be written. */
export const withoutSmallMemory = ((): boolean => {
  const made = tryMake(1 << 24)
  made?.remove()
  return made === null
})()
