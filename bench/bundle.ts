import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const esbuild = fileURLToPath(new URL("../node_modules/.bin/esbuild", import.meta.url))

/** What bundled CommonJS asks of Node, which a module of this format has not. */
const banner =
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url); const __dirname = import.meta.dirname;'

/** Puts a program into one file, as the command is published: from sources, reading them takes most of its memory. */
export const bundle = async (source: string, file: string): Promise<string> => {
  const options = ["--bundle", "--platform=node", "--format=esm", "--conditions=anygpu-source", "--log-level=error"]
  const natives = ["--external:cpu-features", "--external:*.node"]
  await promisify(execFile)(esbuild, [source, ...options, ...natives, `--banner:js=${banner}`, `--outfile=${file}`])
  return file
}
