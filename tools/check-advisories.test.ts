import { expect, test } from "vitest"
import { verdictOf } from "./check-advisories.ts"

const advisory = {
  ...{ id: 1, module_name: "undici", severity: "high", title: "a hole", vulnerable_versions: "<99" },
  findings: [{ version: "8.12.4", paths: ["packages__core>undici"] }],
  url: "https://github.com/advisories/GHSA-aaaa-bbbb-cccc"
}
const report = (advisories: object, totalDependencies: number) => ({
  stdout: JSON.stringify({ advisories, metadata: { vulnerabilities: {}, totalDependencies } }),
  stderr: "npm warn something else"
})

/** As pnpm 12.21 writes it to stderr, with nothing on stdout, where the registry has no such endpoint. */
const refused = `Error: ERR_PNPM_AUDIT_BAD_RESPONSE

  × The audit endpoint (at https://registry.example/-/npm/v1/security/
  │ advisories/bulk) responded with 405:
`

test("names what is vulnerable, and where", () => {
  expect(verdictOf(report({ 1: advisory }, 70))).toEqual({
    answer: "vulnerable",
    advisories: [
      "high: undici 8.12.4 (packages__core>undici) is in <99: a hole https://github.com/advisories/GHSA-aaaa-bbbb-cccc"
    ]
  })
})

test("keeps a clean answer apart from none at all", () => {
  expect(verdictOf(report({}, 70))).toEqual({ answer: "none", packages: 70 })
  const unknown = verdictOf({ stdout: "", stderr: refused })
  expect(unknown).toMatchObject({ answer: "unknown" })
  expect(JSON.stringify(unknown)).toContain("responded with 405")
})

test.each([
  ["nothing", { stdout: "", stderr: "" }],
  ["a broken report", { stdout: '{"advisories": {', stderr: "" }],
  ["another report", { stdout: '{"error": {"code": "E"}}', stderr: "" }],
  ["a report on nothing", report({}, 0)]
])("%s is no clean bill", (_, output) => {
  expect(verdictOf(output).answer).toBe("unknown")
})
