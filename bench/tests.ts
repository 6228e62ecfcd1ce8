import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, relative, resolve } from "node:path"

/*
 * What the test files cost: the dearest ones, by the processor's time of their own and of the processes they start.
 *
 *   tests.ts                  all of them
 *   tests.ts packages/vast    some of them
 */

interface Times {
  readonly file: string
  readonly own: number
  readonly children: number
  readonly wall: number
}

const shown = 20
const root = resolve(`${import.meta.dirname}/..`)
const folder = mkdtempSync(join(tmpdir(), "anygpu-test-times-"))
const path = join(folder, "times.jsonl")
try {
  const vitest = join(root, "node_modules/vitest/vitest.mjs")
  const { status } = spawnSync(process.execPath, [vitest, "run", ...process.argv.slice(2)], {
    cwd: root,
    env: { ...process.env, TEST_TIMES: path },
    stdio: ["ignore", "ignore", "inherit"]
  })
  const lines = readFileSync(path, "utf8").trim().split("\n")
  const times = lines.map((line): Times => JSON.parse(line))
  const sum = (of: (one: Times) => number) => times.reduce((all, one) => all + of(one), 0)
  const cost = ({ own, children }: Times) => own + children
  const dear = times.toSorted((one, other) => cost(other) - cost(one)).slice(0, shown)
  console.table(
    dear.map(({ file, own, children, wall }) => ({
      file: relative(root, file),
      "processor, s": own.toFixed(1),
      "of its processes, s": children.toFixed(1),
      "on the wall, s": wall.toFixed(1)
    }))
  )
  console.log(
    `${times.length} files: ${sum(({ own }) => own).toFixed(0)} s of processor, and ` +
      `${sum(({ children }) => children).toFixed(0)} s in processes they start${status === 0 ? "" : "; some tests failed"}`
  )
} finally {
  rmSync(folder, { recursive: true })
}
