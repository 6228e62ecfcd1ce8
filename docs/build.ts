import { rmSync } from "node:fs"
import { build } from "vitepress"
import { deadAnchors } from "./anchors.ts"
import { writeApiReference } from "./typedoc.ts"

/* Builds the site into .vitepress/dist. Fails on a dead link, to a page or to a part of one. */

const { pathname: folder } = new URL(".", import.meta.url)
rmSync(`${folder}api-reference`, { recursive: true, force: true })
await writeApiReference(`${folder}api-reference`)
if (!process.argv.includes("--api-only")) {
  await build(folder)
  const dead = deadAnchors(`${folder}.vitepress/dist`)
  for (const link of dead) console.error(`docs: ${link}, which is not there`)
  process.exitCode = dead.length > 0 ? 1 : 0
}
