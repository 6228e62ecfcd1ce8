import { fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import { naive } from "./naive.ts"
import { anygpu } from "./ours.ts"
import { add, emptySum, failureText, merge, type Sum, sortsOf } from "./report.ts"
import { rival } from "./rival.ts"
import { runOne } from "./run.ts"
import { scenarioOf } from "./scenario.ts"

/** Which runs are made. */
export interface Part {
  readonly runs: number
  readonly first: number
  /** Of so many runs one is this part's; all of them when 1. */
  readonly every: number
  /** One contender, or all. */
  readonly only: string | undefined
  /** Only the seeds that use this cloud; all of them when undefined. */
  readonly cloud?: string | undefined
  /** Tells everything that happens. */
  readonly story: boolean
}

/** What a part says while it runs, and in the end. */
export type Word = { readonly line: string } | { readonly sums: ReadonlyArray<Sum> }

/** So many failures are printed in full; the seeds of all of them are in the sums. */
const printedInFull = 3

const contendersOf = (only: string | undefined) =>
  [anygpu(), naive, rival].filter(({ name }) => only === undefined || name === only)

/** Makes the runs of a part in this process. */
export const runPart = async (
  { runs, first, every, only, cloud, story }: Part,
  tell: (line: string) => void
): Promise<ReadonlyArray<Sum>> => {
  const contenders = contendersOf(only)
  const sums = contenders.map(({ name }) => emptySum(name))
  let printed = 0
  for (let seed = first; seed < first + runs; seed += every) {
    if (cloud !== undefined && !scenarioOf(seed).clouds.includes(cloud)) continue
    for (const [index, contender] of contenders.entries()) {
      const outcome = await runOne(seed, contender)
      const sum = sums[index]
      if (sum) add(sum, outcome)
      const isBad = contender.name === "anygpu" && outcome.violations.length > 0
      if (isBad && !story) tell(`seed ${seed}, ${sortsOf(outcome).join(" and ")}: ${outcome.violations.join("; ")}`)
      if (story || (isBad && printed++ < printedInFull && runs < 50)) tell(failureText(contender.name, outcome))
    }
  }
  return sums
}

const inProcess = (part: Part, tell: (line: string) => void): Promise<ReadonlyArray<Sum>> =>
  new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL("part.ts", import.meta.url)), [JSON.stringify(part)], {
      execArgv: ["--conditions=anygpu-source"]
    })
    let sums: ReadonlyArray<Sum> | null = null
    child.on("message", (word: Word) => {
      if ("line" in word) tell(word.line)
      else sums = word.sums
    })
    child.once("error", reject)
    child.once("close", (code) =>
      sums ? resolve(sums) : reject(new Error(`a part ended with ${code}: ${JSON.stringify(part)}`))
    )
  })

/** Makes all runs in so many processes. */
export const runAll = async ({
  processes,
  tell,
  ...part
}: Omit<Part, "every"> & {
  readonly processes: number
  readonly tell: (line: string) => void
}): Promise<ReadonlyArray<Sum>> => {
  if (processes === 1) return runPart({ ...part, every: 1 }, tell)
  const parts = await Promise.all(
    Array.from({ length: processes }, (_, index) =>
      inProcess({ ...part, first: part.first + index, runs: part.runs - index, every: processes }, tell)
    )
  )
  const sums = contendersOf(part.only).map(({ name }) => emptySum(name))
  for (const sum of sums) {
    for (const other of parts.flat()) if (other.contender === sum.contender) merge(sum, other)
  }
  return sums
}
