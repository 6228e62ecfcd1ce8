import { readFileSync } from "node:fs"
import { expect, test } from "vitest"

/** Everything a file loads at run time, the default transport resolved as outside of Node. */
const loaded = (file: URL, seen = new Set<string>()): Set<string> => {
  for (const [, from] of readFileSync(file, "utf8").matchAll(/^(?:import|export) (?!type )[^"]*from "([^"]+)"/gm)) {
    const path = from === "#default-transport" ? "./default-transport.web.ts" : (from ?? "")
    const name = path.startsWith(".") ? new URL(path, file).href : path
    if (seen.has(name)) continue
    seen.add(name)
    if (path.startsWith(".")) loaded(new URL(name), seen)
  }
  return seen
}

test("outside of Node nothing reaches undici or node:", () => {
  const modules = [...loaded(new URL("./index.ts", import.meta.url))]
  expect(modules.length).toBeGreaterThan(15)
  expect(modules.filter((name) => name === "undici" || name.startsWith("node:"))).toEqual([])
})
