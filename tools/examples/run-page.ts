import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { registerHooks, stripTypeScriptTypes } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

/*
 * Runs the blocks of one page in this process, in their order, so that a later one finds what an earlier one made. The
 * examples are as they stand on the page: their requests and their clock go to simulated clouds, and nowhere else.
 * `node run-page.ts <file>...`; fails when a block throws, or when the page leaves a machine behind.
 */

const files = process.argv.slice(2)
const folder = pathToFileURL(`${dirname(files[0] ?? ".")}/`).href
const inPlaceOf: Readonly<Record<string, string>> = {
  anygpu: new URL("simulated/client.ts", import.meta.url).href,
  "#default-transport": new URL("simulated/transport.ts", import.meta.url).href
}

registerHooks({
  resolve: (specifier, context, next) => {
    const url = specifier.startsWith("#") || context.parentURL?.startsWith(folder) ? inPlaceOf[specifier] : undefined
    return url === undefined ? next(specifier, context) : { url, shortCircuit: true }
  },
  load: (url, context, next) => {
    // Node leaves the types in files below a node_modules folder, where the blocks are.
    if (!url.startsWith(folder) || !url.endsWith(".ts")) return next(url, context)
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), "utf8"))
    return { format: "module", source, shortCircuit: true }
  }
})

const { environment, machinesLeft } = await import("./simulated/clouds.ts")
Object.assign(process.env, environment)
// What the examples write, such as a ledger, is gone with them.
const own = mkdtempSync(join(tmpdir(), "anygpu-examples-"))
process.on("exit", () => {
  process.chdir(tmpdir())
  rmSync(own, { recursive: true, force: true })
})
process.chdir(own)
for (const file of files) await import(pathToFileURL(file).href)
const left = machinesLeft()
if (left.length > 0) throw new Error(`the examples of this page leave machines behind: ${left.join(", ")}`)
