import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { build } from "vite"
import { readFirstPage } from "../../src/static.ts"

/** Builds the page as it is in the sources, apart from what ships, and reads it. */
export const builtPage = async () => {
  const outDir = await mkdtemp(join(tmpdir(), "anygpu-page-"))
  const configFile = join(import.meta.dirname, "../../vite.config.ts")
  await build({ configFile, logLevel: "error", build: { outDir, emptyOutDir: true } })
  const page = await readFirstPage([outDir])
  await rm(outDir, { recursive: true })
  return page
}
