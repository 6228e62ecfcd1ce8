#!/usr/bin/env node
import module from "node:module"
import { compileCacheFolder } from "./compile-cache.ts"
import { version } from "./version.ts"

const argv = process.argv.slice(2)
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)

if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) process.stdout.write(`${version}\n`)
else if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`anygpu needs Node 22.19 or newer, and this is ${process.versions.node}\n`)
  process.exitCode = 1
} else {
  // Node keeps what it has compiled: the next start is faster. NODE_DISABLE_COMPILE_CACHE=1 turns it off.
  const folder = process.env.NODE_COMPILE_CACHE ?? compileCacheFolder(process.env)
  if (folder !== null) module.enableCompileCache(folder)
  const { runProcess } = await import("./process.ts")
  await runProcess(argv)
}
