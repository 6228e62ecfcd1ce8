import { rmSync } from "node:fs"
import { build } from "vitepress"
import { writeApiReference } from "./typedoc.ts"

/* Builds the site into .vitepress/dist. Fails on a dead link. */

const { pathname: folder } = new URL(".", import.meta.url)
rmSync(`${folder}api-reference`, { recursive: true, force: true })
await writeApiReference(`${folder}api-reference`)
if (!process.argv.includes("--api-only")) await build(folder)
