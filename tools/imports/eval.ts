import { lineAt } from "./scan.ts"
import type { Violation } from "./violation.ts"
import type { Workspace } from "./workspace.ts"

/** Every way from a text to code that runs. */
const ways = [/(?<![\w.])(?:globalThis\s*\.\s*)?eval\s*\(/g, /(?<![\w.])(?:new\s+)?Function\s*\(/g]
const modules: ReadonlySet<string> = new Set(["vm", "node:vm"])

/** No text becomes code, in tests neither. */
export const checkEval = ({ packages }: Workspace): ReadonlyArray<Violation> =>
  packages.flatMap(({ sources }) =>
    sources.flatMap(({ path, text, masked, imports }) => {
      const advice = "read it as data"
      const found = ways.flatMap((way) => [...masked.bare.matchAll(way)])
      return [
        ...found.map(({ index }) => ({ file: path, line: lineAt(text, index), rule: "no text becomes code", advice })),
        ...imports
          .filter(({ specifier }) => modules.has(specifier))
          .map(({ line }) => ({ file: path, line, rule: "no text becomes code", advice }))
      ]
    })
  )
