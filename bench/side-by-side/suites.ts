import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { mutants } from "@anygpu/conformance"
import { benchClouds, cloudNames } from "../cloud-list.ts"
import { home, printed } from "./ask.ts"
import { sharedMutants, theirOwn, withoutCounterpart } from "./their-mutants.ts"

/** How many broken providers a suite caught. */
export interface Caught {
  readonly of: string
  readonly killed: number
  readonly tried: number
}

/** How often the other suite calls each method of a provider. */
export type Calls = Record<
  "connect" | "quote" | "provision" | "provision in a dry run" | "list" | "status" | "destroy",
  number
>

/** What both suites caught. */
export interface Suites {
  /** Ours, over the adapters of seven clouds, by kind of machine. */
  readonly ours: ReadonlyArray<Caught>
  /** How many of our mutants break what both interfaces have. */
  readonly shared: number
  /** Theirs over those, by name. */
  readonly theirsShared: ReadonlyArray<string>
  readonly own: ReadonlyArray<string>
  /** Theirs over providers that are broken in its own terms. */
  readonly theirsOwn: ReadonlyArray<string>
  readonly calls: Readonly<Calls>
  /** What of ours has no counterpart there, and how many mutants break it. */
  readonly left: Readonly<Record<string, number>>
}

const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs")

/** The tests of the adapters score them, and print what came of it: they fail when one survives. */
const scoreOurs = async (): Promise<ReadonlyArray<Caught>> => {
  const files = cloudNames.map((cloud) => `packages/${cloud}/src/mutants.test.ts`)
  const text = await printed([vitest, "run", "--root", join(home, ".."), "--testTimeout=600000", ...files])
  const caught = Array.from(text.matchAll(/^(.+): (\d+) of (\d+) mutants killed/gm), ([, of = "", killed, tried]) => ({
    ...{ of, killed: Number(killed), tried: Number(tried) }
  }))
  const kinds = benchClouds.flatMap(({ make }) => Object.keys(make({ apiKey: "no request is sent" }).kinds))
  if (caught.length !== kinds.length) {
    throw new Error(`${kinds.length} kinds of machines have a score, and ${caught.length} printed one`)
  }
  return caught.sort((a, b) => (a.of < b.of ? -1 : 1))
}

interface Ran {
  readonly testResults: ReadonlyArray<{
    readonly assertionResults: ReadonlyArray<{
      readonly ancestorTitles: ReadonlyArray<string>
      readonly status: string
    }>
  }>
}

/** The titles of what the other suite was run over, and of those that it failed. */
const runTheirs = async () => {
  const folder = mkdtempSync(join(tmpdir(), "anygpu-side-by-side-"))
  try {
    const [file, calls] = [join(folder, "results.json"), join(folder, "calls.json")]
    const config = join(home, "side-by-side/their-suite.config.ts")
    // Vitest fails when a test does, as most are meant to be here.
    const args = [vitest, "run", "--config", config, "--reporter=json", `--outputFile=${file}`]
    await printed(args, { ANYGPU_CALLS: calls }).catch(() => {})
    const { testResults } = JSON.parse(readFileSync(file, "utf8")) as Ran
    const results = testResults.flatMap(({ assertionResults }) => assertionResults)
    const title = ({ ancestorTitles: [first = ""] }: (typeof results)[number]) => first
    return {
      calls: JSON.parse(readFileSync(calls, "utf8")) as Calls,
      all: new Set(results.map(title)),
      failed: new Set(results.filter(({ status }) => status !== "passed").map(title))
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Scores both suites. */
export const scoreSuites = async (): Promise<Suites> => {
  const { all, failed, calls } = await runTheirs()
  const [shared, own] = [sharedMutants.map(({ name }) => name), Object.keys(theirOwn)]
  const titles = ["healthy", ...shared.map((name) => `shared: ${name}`), ...own.map((name) => `own: ${name}`)]
  const missing = titles.filter((title) => !all.has(title))
  if (missing.length > 0) throw new Error(`the other suite was not run over ${missing.join(", ")}`)
  if (failed.has("healthy"))
    throw new Error("the healthy provider fails the other suite, so that its score says nothing")
  const ours = await scoreOurs()
  return {
    ...{ ours, shared: shared.length, own, calls },
    theirsShared: shared.filter((name) => failed.has(`shared: ${name}`)),
    theirsOwn: own.filter((name) => failed.has(`own: ${name}`)),
    left: {
      "to stop, start and rename, logs, ssh keys and balance": mutants.filter(({ ops }) => ops?.length).length,
      ...Object.fromEntries(Object.entries(withoutCounterpart).map(([what, names]) => [what, names.length]))
    }
  }
}
