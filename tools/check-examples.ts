import { spawnSync } from "node:child_process"
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join, resolve, sep } from "node:path"
import { type Block, blocksOf } from "./examples/blocks.ts"
import { runExamples } from "./examples/run.ts"

/*
 * Type-checks every example: the `ts` blocks of the Markdown pages and of the doc comments below `@example`. They are
 * written into a folder of their own, where the packages are found by name, and checked in one run. Those that begin with
 * ```` ```ts run ```` are then run on simulated clouds.
 */

const root = resolve(`${import.meta.dirname}/..`)
const folder = join(root, "node_modules/.cache/examples")
const sources = ["README.md", "CONTRIBUTING.md", "docs/**/*.md", "packages/*/README.md", "packages/*/src/**/*.ts"]

/** Packages of others, what is built, API reports, and pages that are written from the same doc comments. */
const excluded = /(^|[/\\])(node_modules|dist|docs[/\\]api(-reference)?)$/

/** Makes packages resolvable by name: ours by their folders, those of others as our packages see them. */
const linkPackages = (): void => {
  const link = (name: string, target: string) => {
    const path = join(folder, "node_modules", name)
    if (existsSync(path)) return
    mkdirSync(dirname(path), { recursive: true })
    symlinkSync(target, path, "junction")
  }
  for (const name of readdirSync(join(root, "packages"))) {
    const home = join(root, "packages", name)
    if (!existsSync(join(home, "package.json"))) continue
    const manifest: { readonly name: string } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"))
    link(manifest.name, home)
    for (const other of ["effect", "zod", "undici", "msw"]) {
      const target = join(home, "node_modules", other)
      if (existsSync(target)) link(other, target)
    }
  }
}

const options = {
  extends: join(root, "tsconfig.base.json"),
  compilerOptions: {
    composite: false,
    declaration: false,
    declarationMap: false,
    emitDeclarationOnly: false,
    noEmit: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
    customConditions: ["anygpu-source"]
  }
}

const blocks = globSync(sources, { cwd: root, exclude: (path) => excluded.test(path) })
  .map((path) => path.split(sep).join("/"))
  .sort()
  .flatMap((path) => blocksOf(path, readFileSync(join(root, path), "utf8")))

rmSync(folder, { recursive: true, force: true })
const files = new Map<string, Block>()
for (const [index, block] of blocks.entries()) {
  // The blocks of one page are neighbours, so that one with a name can be imported by the others.
  const file = `${block.source.replaceAll(/[/.]/g, "-")}/${block.name ?? `example-${index}.ts`}`
  if (files.has(file)) throw new Error(`${block.source}:${block.line}  a second block is called ${block.name}`)
  files.set(file, block)
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), `${block.code}\n`)
}
linkPackages()
const config = { ...options, files: [...files.keys()] }
writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config, null, 2))

const tsc = join(root, "node_modules/typescript/bin/tsc")
const { stdout, status } = spawnSync(process.execPath, [tsc, "-p", folder, "--pretty", "false", "--checkers", "1"], {
  cwd: folder,
  encoding: "utf8"
})
for (const line of stdout.split("\n").filter((text) => text !== "")) {
  const [, file = "", row = "1", rest = ""] = /^(.+?)\((\d+),\d+\): (.*)$/.exec(line) ?? []
  const block = files.get(file.split(sep).join("/"))
  console.log(block ? `${block.source}:${block.line + Number(row) - 1}  ${rest}` : line)
}
const failures = status === 0 ? await runExamples(folder, files) : []
for (const failure of failures) console.log(failure)
const running = blocks.filter(({ runs }) => runs).length
if (status === 0 && failures.length === 0) console.log(`examples: ${blocks.length} compile, ${running} of them run`)
process.exitCode = status === 0 && failures.length === 0 ? 0 : 1
