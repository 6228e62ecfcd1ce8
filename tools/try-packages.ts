import { spawn } from "node:child_process"
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { clouds } from "../packages/clouds/src/index.ts"
import { packAll, type Tarball } from "./packages/tarballs.ts"

/*
 * Installs the packed packages into an empty project with npm, as a user does, type-checks a program that uses all of
 * them there, with every declaration that it reaches, and runs it on the Nodes that are supported. Needs the registry,
 * and the builds and declarations of the packages.
 */

const root = resolve(import.meta.dirname, "..")

/** The oldest Node that `engines` allows, the one of this workspace, and the newest line. */
const nodes: ReadonlyArray<string> = ["22.19.0", "24.21.0", "26.10.0"]

/** The TypeScripts that must read the declarations: the last one written in JavaScript, and the workspace's own. */
const compilers: ReadonlyArray<string> = ["5.9.3", "7.0.2"]

/** How long any one step may take. */
const patience = 180_000

/** Runs a command to its end; what it printed is in the error when it fails. */
const run = (command: string, args: ReadonlyArray<string>, cwd: string): Promise<string> =>
  new Promise((done, failed) => {
    const child = spawn(command, args, {
      cwd,
      shell: process.platform === "win32" && command === "npm",
      timeout: patience
    })
    const output: string[] = []
    child.stdout.on("data", (chunk) => output.push(String(chunk)))
    child.stderr.on("data", (chunk) => output.push(String(chunk)))
    child.on("error", failed)
    child.on("close", (code, signal) => {
      if (code === 0) done(output.join(""))
      else failed(new Error(`${command} ${args.join(" ")} ended with ${code ?? signal}\n${output.join("")}`))
    })
  })

const npmInstall = (folder: string, ...packages: ReadonlyArray<string>): Promise<string> =>
  run("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-update-notifier", ...packages], folder)

/** A folder of its own below the workspace's cache, in which these packages are installed once. */
const cached = async (name: string, ...packages: ReadonlyArray<string>): Promise<string> => {
  const folder = join(root, "node_modules/.cache/try-packages", name)
  if (existsSync(join(folder, "package-lock.json"))) return folder
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, "package.json"), '{ "private": true }')
  await npmInstall(folder, ...packages)
  return folder
}

/** The binary of a Node; the packages of the registry name Windows by the first three letters. */
const nodeOf = async (version: string): Promise<string> => {
  if (process.versions.node === version) return process.execPath
  const isWindows = process.platform === "win32"
  const name = `node-${isWindows ? "win" : process.platform}-${process.arch}`
  const folder = await cached(`node-${version}`, `${name}@${version}`)
  return join(folder, "node_modules", name, "bin", isWindows ? "node.exe" : "node")
}

/** The version of a package of others that one of ours takes, so that the project has the same one. */
const versionOf = (name: string): string => {
  const path = join(root, "packages/core/node_modules", name, "package.json")
  const { version }: { readonly version: string } = JSON.parse(readFileSync(path, "utf8"))
  return version
}

const compilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  target: "es2022",
  module: "nodenext",
  types: ["node"],
  allowImportingTsExtensions: false,
  rewriteRelativeImportExtensions: true,
  rootDir: ".",
  outDir: "built"
}

/** Makes an empty project that depends on the tarballs, with the program in it, and installs it. */
const projectWith = async (tarballs: ReadonlyArray<Tarball>, folder: string): Promise<void> => {
  mkdirSync(folder)
  const ours = tarballs.map(({ name, filename }) => [name, `file:${filename}`] as const)
  const others = ["effect", "zod"].map((name) => [name, versionOf(name)] as const)
  const { devDependencies }: { readonly devDependencies: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8")
  )
  const manifest = {
    private: true,
    type: "module",
    dependencies: Object.fromEntries([...ours, ...others]),
    devDependencies: { "@types/node": devDependencies["@types/node"] }
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2))
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }, null, 2))
  cpSync(join(root, "tools/packages/empty-project"), folder, { recursive: true })
  const adapters = clouds.map(({ name }) => `export * as ${name} from "@anygpu/${name}"\n`)
  writeFileSync(join(folder, "adapters.ts"), adapters.join(""))
  await npmInstall(folder)
}

/** What is wrong with the project as npm made it. */
const checkInstalled = (folder: string, tarballs: ReadonlyArray<Tarball>): void => {
  const copies = globSync("node_modules/**/node_modules/{anygpu,effect,@anygpu/*}/package.json", { cwd: folder })
  if (copies.length > 0) throw new Error(`npm installed a second copy: ${copies.join(", ")}`)
  for (const { name, version } of tarballs) {
    const path = join(folder, "node_modules", name, "package.json")
    const installed: { readonly version: string } = JSON.parse(readFileSync(path, "utf8"))
    if (installed.version !== version) throw new Error(`npm installed another ${name} than ${version}`)
  }
}

const tryOn = async (version: string, folder: string): Promise<void> => {
  const node = await nodeOf(version)
  const home = join(folder, `on-${version}`)
  mkdirSync(home)
  await run(node, [join(folder, "built/main.js")], home)
  const command = join(folder, "node_modules/anygpu", "bin/bin.js")
  await run(node, [command, "--help"], home)
}

const tryPackages = async (folder: string): Promise<void> => {
  const began = performance.now()
  const say = (text: string): void => {
    console.log(`${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s  ${text}`)
  }
  const tools = Promise.all([...compilers.map((version) => cached(`typescript-${version}`, `typescript@${version}`))])
  const ready = Promise.all([tools, ...nodes.map(nodeOf)])
  // What fails while the packages are packed shows when it is awaited.
  ready.catch(() => {})

  const tarballs = packAll(root, folder)
  say(`packed ${tarballs.length} packages`)
  const project = join(folder, "project")
  await projectWith(tarballs, project)
  checkInstalled(project, tarballs)
  say("installed them with npm in an empty project")

  const [homes] = await ready
  for (const [index, home] of homes.entries()) {
    await run(process.execPath, [join(home, "node_modules/typescript/bin/tsc"), "-p", project], project)
    say(`compiled with TypeScript ${compilers[index]}, strict, skipLibCheck: false`)
  }
  await Promise.all(nodes.map((version) => tryOn(version, project)))
  say(`ran on Node ${nodes.join(", ")}`)
}

/** Without a registry nothing can be tried: CI must have one, at other places it is said. */
const hasRegistry = async (): Promise<boolean> => {
  try {
    await run("npm", ["view", `effect@${versionOf("effect")}`, "version"], root)
    return true
  } catch (error) {
    if (process.env["CI"]) throw error
    return false
  }
}

const folder = mkdtempSync(join(tmpdir(), "try-packages-"))
try {
  if (await hasRegistry()) await tryPackages(folder)
  else console.log("NOT TRIED: the npm registry cannot be reached")
} catch (error) {
  console.log(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
