import { globSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import { lineAt, mask } from "./imports/scan.ts"
import { printed, type Violation } from "./imports/violation.ts"

/** A word that no message and no page uses, and what to say instead. */
const avoided: ReadonlyArray<readonly [word: string, instead: string]> = [
  ["told", "a cloud says, reports or gives; a flag sets"],
  ["whoever", "name the person or the program"],
  ["held against", "compared with, checked against"],
  ["(?:is|are) none(?! the)", "is missing, is empty, or what it must be: unknown kind; expected container, vm"],
  ["anew", "again"],
  ["as it were", "leave it out"]
]

const pages = ["*.md", "docs/**/*.md", "packages/*/README.md"]
const sources = ["packages/*/src/**/*.ts"]
/** Reports and the reference are made of declarations, changelogs are history, and fixtures quote the clouds' own documents. */
const isLeftOut = (path: string): boolean =>
  /^docs\/api(-reference)?\/|CHANGELOG|\/fixtures\/|\/testing\/|\.test(-support)?\.ts$/.test(path)

/** What is quoted in a source, with a dot for everything else, so that offsets stay. */
export const quoted = (text: string): string => {
  const { code, bare } = mask(text)
  return Array.from(code, (char, at) => (/\s/.test(char) || char !== bare[at] ? char : "·")).join("")
}

/** The avoided words of a text, by their lines. */
export const wordsIn = (file: string, text: string): ReadonlyArray<Violation> =>
  avoided.flatMap(([word, advice]) =>
    [...text.matchAll(new RegExp(String.raw`\b${word}\b`.replaceAll(" ", String.raw`\s+`), "gi"))].map(
      ({ 0: found, index }) => ({
        file,
        line: lineAt(text, index),
        rule: `"${found.replace(/\s+/g, " ")}" is avoided`,
        advice
      })
    )
  )

/** Every avoided word in the messages and pages of the repository at `root`. */
const checkWords = (root: string): ReadonlyArray<Violation> => {
  const read = (patterns: ReadonlyArray<string>, part: (text: string) => string) =>
    globSync([...patterns], { cwd: root })
      .map((path) => path.replaceAll("\\", "/"))
      .filter((path) => !isLeftOut(path))
      .sort()
      .flatMap((path) => wordsIn(path, part(readFileSync(resolve(root, path), "utf8"))))
  return [
    ...read(pages, (text) =>
      text.replace(/```[\s\S]*?```|`[^`\n]*`|"[^"\n]*"/g, (code) => code.replace(/[^\n]/g, " "))
    ),
    ...read(sources, quoted)
  ]
}

if (import.meta.main) {
  const violations = checkWords(resolve(process.argv[2] ?? `${import.meta.dirname}/..`))
  for (const violation of violations) console.log(printed(violation))
  console.log(
    violations.length > 0 ? `${violations.length} avoided words` : "words: no avoided word in messages and pages"
  )
  process.exitCode = violations.length > 0 ? 1 : 0
}
