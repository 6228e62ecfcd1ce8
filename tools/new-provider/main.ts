import { spawnSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join, relative, resolve } from "node:path"
import { parseArgs } from "node:util"
import { kinds, nameProblem, type Plan, register, scaffold } from "./scaffold.ts"

/*
 * Begins the adapter of a new cloud: `pnpm new-provider acme`. What it writes compiles, and its tests are red where
 * something is to be written. docs/adding-a-provider.md goes on from there.
 */

const root = resolve(`${import.meta.dirname}/../..`)

const usage = `pnpm new-provider <name> [--kind ${Object.keys(kinds).join("|")}] [--standalone <folder>]

  <name>        as refs have it: acme in acme/vm/42
  --kind        the first kind of machine; vm when left out
  --standalone  a package by itself in this folder, not one of this repository`

const isKind = (text: string): text is Plan["kind"] => Object.hasOwn(kinds, text)

const planOf = (argv: ReadonlyArray<string>): Plan | string => {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { kind: { type: "string", default: "vm" }, standalone: { type: "string" } }
  })
  const [name, ...others] = positionals
  if (name === undefined || others.length > 0) return usage
  const problem = nameProblem(name)
  if (problem !== null) return problem
  const { kind, standalone } = values
  if (!isKind(kind)) return `--kind: unknown kind "${kind}"; expected ${Object.keys(kinds).join(", ")}`
  if (standalone !== undefined) return { name, kind, folder: resolve(standalone), place: "standalone" }
  return { name, kind, folder: join(root, "packages", name), place: "workspace" }
}

/** A source as the repository formats it: names have other lengths than those of the templates, and lines break elsewhere. */
export const formatted = (text: string): string => {
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome")
  // The path is one inside the repository, wherever the file is: its settings are for those alone.
  const args = [biome, "format", "--stdin-file-path=packages/formatted.ts"]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, input: text, encoding: "utf8" })
  if (status !== 0) throw new Error(`biome could not format: ${stderr}`)
  return stdout
}

/** Makes what the arguments ask for; answers the exit code. */
export const main = (argv: ReadonlyArray<string>): number => {
  try {
    const plan = planOf(argv)
    if (typeof plan === "string") {
      console.error(plan)
      return 2
    }
    const license = readFileSync(join(root, "LICENSE"), "utf8")
    const { version }: { readonly version: string } = JSON.parse(
      readFileSync(join(root, "packages/core/package.json"), "utf8")
    )
    const files = scaffold(plan, { license, version })
    if (plan.place === "workspace") register(root, plan.name)
    for (const file of files.filter((path) => path.endsWith(".ts"))) {
      writeFileSync(file, formatted(readFileSync(file, "utf8")))
    }
    const shown = relative(process.cwd(), plan.folder) || "."
    console.log(`${shown}: ${files.length} files. Next:`)
    const steps =
      plan.place === "workspace"
        ? ["npx pnpm@12 install", `npx pnpm@12 exec vitest run packages/${plan.name}`, "docs/adding-a-provider.md"]
        : [`cd ${shown}`, "npm install", "npm test", "docs/adding-a-provider.md of anygpu"]
    for (const step of steps) console.log(`  ${step}`)
    return 0
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return 1
  }
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2))
