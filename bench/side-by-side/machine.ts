import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os"
import { join } from "node:path"
import { home } from "./ask.ts"
import type { Machine } from "./results.ts"

const packages = ["anygpu", "effect", "undici", "computesdk", "@computesdk/provider", "@profullstack/sh1pt-core"]

const versionOf = (name: string): string => {
  const text = readFileSync(join(home, "node_modules", name, "package.json"), "utf8")
  return (JSON.parse(text) as { readonly version: string }).version
}

const git = (...args: ReadonlyArray<string>): string =>
  execFileSync("git", args, { cwd: home, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim()

/** The commit that is checked out. */
const commit = (): string => {
  try {
    return git("rev-parse", "--short", "HEAD")
  } catch {
    return "unknown"
  }
}

/** How many processes wanted a core, on average of the last minute. */
export const load = (): number => loadavg()[0] ?? 0

/** This machine, and what is installed. */
export const machineNow = (before: number): Machine => ({
  date: new Date().toISOString().slice(0, 10),
  node: process.version,
  system: `${type()} ${release()}, ${process.arch}`,
  processor: cpus()[0]?.model.trim() ?? "unknown",
  cores: availableParallelism(),
  memory: totalmem(),
  load: [before, load()],
  commit: commit(),
  versions: Object.fromEntries(packages.map((name) => [name, versionOf(name)]))
})
