import { show } from "./check.ts"
import type { Report, TestResult } from "./run.ts"

const because = (error: unknown): string => (error instanceof Error ? error.message : show(error))

const line = (result: TestResult): string => {
  switch (result.outcome) {
    case "passed":
      return `  ok    ${result.test.name}`
    case "skipped":
      return `  skip  ${result.test.name}: ${result.reason}`
    case "failed":
      return `  FAIL  ${result.test.name}\n        ${because(result.error)}`
  }
}

/** A report as people read it: the counts, every failure and skip with its reason, and on demand every test. */
export const formatReport = (report: Report, options: { readonly all?: boolean } = {}): string => {
  const shown = report.results.filter(({ outcome }) => options.all || outcome !== "passed")
  const counts = `${report.passed} passed, ${report.failed} failed, ${report.skipped.length} skipped`
  return [`${report.harness} (${report.provider} ${report.kind}): ${counts}`, ...shown.map(line)].join("\n")
}
