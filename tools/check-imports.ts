import { resolve } from "node:path"
import { checkDependencies, checkDirections, checkLengths, checkWords } from "./imports/checks.ts"
import { checkCloudNames } from "./imports/clouds.ts"
import { checkEffect } from "./imports/effect.ts"
import { checkEval } from "./imports/eval.ts"
import { checkGraphs } from "./imports/graph.ts"
import { printed, type Violation } from "./imports/violation.ts"
import { readWorkspace } from "./imports/workspace.ts"

const checks = [
  checkDirections,
  checkGraphs,
  checkDependencies,
  checkEffect,
  checkWords,
  checkEval,
  checkLengths,
  checkCloudNames
]

/** Checks the whole repository at `root` against `imports/rules.ts`. */
export const checkImports = (root: string) => {
  const workspace = readWorkspace(root)
  const violations: ReadonlyArray<Violation> = checks
    .flatMap((check) => check(workspace))
    .sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
  const sources = workspace.packages.flatMap((owner) => owner.sources)
  const imports = sources.reduce((sum, source) => sum + source.imports.length, 0)
  return { violations, packages: workspace.packages.length, files: sources.length, imports }
}

if (import.meta.main) {
  const { violations, packages, files, imports } = checkImports(resolve(process.argv[2] ?? `${import.meta.dirname}/..`))
  for (const violation of violations) console.log(printed(violation))
  console.log(
    violations.length > 0
      ? `${violations.length} violations`
      : `imports: ${imports} in ${files} files of ${packages} packages, all where they may be`
  )
  process.exitCode = violations.length > 0 ? 1 : 0
}
