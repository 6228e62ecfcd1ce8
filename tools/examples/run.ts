import { execFile } from "node:child_process"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Block } from "./blocks.ts"

/** A page's examples take virtual time alone: one that takes a minute of real time waits for something else. */
const timeout = 60_000

const runner = fileURLToPath(new URL("run-page.ts", import.meta.url))

/** What Node writes on standard error when the examples in these files fail, in their order and in one process; else null. */
const failureOf = (files: ReadonlyArray<string>): Promise<string | null> =>
  new Promise((resolve) => {
    const args = ["--conditions=anygpu-source", "--disable-warning=ExperimentalWarning", runner, ...files]
    execFile(process.execPath, args, { timeout }, (error, _stdout, stderr) => {
      if (error === null) resolve(null)
      else if (error.killed) resolve(`not done after ${timeout / 1000} s`)
      else resolve(stderr === "" ? `ended with code ${error.code}` : stderr)
    })
  })

/** A failure with the lines of the page, where it names the files that the blocks were written to. */
const onPage = (failure: string, written: ReadonlyMap<string, Block>): string =>
  failure
    .replaceAll(/(?:file:\/\/)?([^\s()]+?\.ts):(\d+)/g, (text, path: string, row: string) => {
      const block = written.get(path)
      return block ? `${block.source}:${block.line + Number(row) - 1}` : text
    })
    .trim()

/** Runs the blocks that say so, page by page, on simulated clouds; answers what failed. */
export const runExamples = async (
  folder: string,
  blocks: ReadonlyMap<string, Block>
): Promise<ReadonlyArray<string>> => {
  const written = new Map([...blocks].map(([file, block]) => [join(folder, file), block]))
  const pages = Map.groupBy(
    [...written].filter(([, { runs }]) => runs),
    ([, { source }]) => source
  )
  const waiting = [...pages.values()]
  const failures: Array<string> = []
  const work = async () => {
    for (let page = waiting.shift(); page !== undefined; page = waiting.shift()) {
      const failure = await failureOf(page.map(([path]) => path))
      const [, first] = page[0] ?? []
      if (failure !== null) failures.push(`${first?.source}:${first?.line}  ${onPage(failure, written)}`)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return failures
}
