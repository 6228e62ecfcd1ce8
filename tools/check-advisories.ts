import { spawnSync } from "node:child_process"
import { resolve } from "node:path"

/*
 * Asks the registry which versions among what ships are known to be vulnerable. Exit code 0: none is. 1: some are.
 * 2: the registry could not be asked, which says nothing about them.
 */

/** What came of asking. */
export type Verdict =
  | { readonly answer: "none"; readonly packages: number }
  | { readonly answer: "vulnerable"; readonly advisories: ReadonlyArray<string> }
  | { readonly answer: "unknown"; readonly because: string }

interface Advisory {
  readonly module_name: string
  readonly severity: string
  readonly title: string
  readonly url: string
  readonly vulnerable_versions: string
  readonly findings: ReadonlyArray<{ readonly version: string; readonly paths: ReadonlyArray<string> }>
}

interface Report {
  readonly advisories: Readonly<Record<string, Advisory>>
  readonly metadata: { readonly totalDependencies: number }
}

const isReport = (value: unknown): value is Report =>
  typeof value === "object" && value !== null && "advisories" in value && "metadata" in value

const reportIn = (text: string): Report | null => {
  try {
    const value: unknown = JSON.parse(text)
    return isReport(value) ? value : null
  } catch {
    return null
  }
}

const lineOf = ({ module_name, severity, title, url, vulnerable_versions, findings }: Advisory): string => {
  const where = findings.map(({ version, paths }) => `${version} (${paths.join(", ")})`).join("; ")
  return `${severity}: ${module_name} ${where} is in ${vulnerable_versions}: ${title} ${url}`
}

/**
 * What `pnpm audit --json` says.
 *
 * - Its exit code is the same for a vulnerable version and for a registry that does not answer: only its report says which.
 */
export const verdictOf = ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): Verdict => {
  const report = reportIn(stdout)
  if (report === null) {
    const because = /ERR_\w+[\s\S]*/.exec(stderr)?.[0] ?? (stderr.trim() || "pnpm audit said nothing")
    return { answer: "unknown", because: because.replace(/[\s│×]+/g, " ").trim() }
  }
  const advisories = Object.values(report.advisories)
  if (advisories.length > 0) return { answer: "vulnerable", advisories: advisories.map(lineOf) }
  // Nothing looked at is no clean bill.
  const packages = report.metadata.totalDependencies
  return packages > 0 ? { answer: "none", packages } : { answer: "unknown", because: "no package was looked at" }
}

if (import.meta.main) {
  const { stdout, stderr } = spawnSync("npx", ["-y", "pnpm@12", "audit", "--prod", "--json"], {
    cwd: resolve(`${import.meta.dirname}/..`),
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    shell: process.platform === "win32"
  })
  const verdict = verdictOf({ stdout: stdout ?? "", stderr: stderr ?? "" })
  switch (verdict.answer) {
    case "none":
      console.log(`advisories: ${verdict.packages} packages that ship, none is known to be vulnerable`)
      break
    case "vulnerable":
      for (const line of verdict.advisories) console.log(line)
      console.log(`advisories: ${verdict.advisories.length}`)
      process.exitCode = 1
      break
    case "unknown":
      console.log(`advisories: not known, the registry could not be asked: ${verdict.because}`)
      process.exitCode = 2
  }
}
