import { formatScore, scoreMutants } from "@anygpu/conformance"
import { expect, test } from "vitest"
import { vastHarness } from "./conformance.test-support.ts"

/** A VM takes neither env nor a registry login, so a provider that shows them shows nothing. */
const harmless = {
  container: [],
  vm: ["error with an env value", "native with an env value"]
} as const

test.each(["container", "vm"] as const)(
  "the suite catches every broken provider made of Vast's (%s)",
  { timeout: 240_000 },
  async (kind) => {
    const score = await scoreMutants(vastHarness(kind))
    console.log(formatScore(score).split("\n")[0])
    const survivors = score.lines.flatMap(({ outcome, mutant }) => (outcome === "survived" ? [mutant.name] : []))
    const allowed: ReadonlyArray<string> = harmless[kind]
    expect(
      survivors.filter((name) => !allowed.includes(name)),
      formatScore(score)
    ).toEqual([])
    expect(score.killed).toBeGreaterThanOrEqual(12)
  }
)
