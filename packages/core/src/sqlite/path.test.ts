import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { sqliteLedger } from "./index.ts"

const directory = mkdtempSync(join(tmpdir(), "anygpu-path-"))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const pipe = join(directory, "pipe")
spawnSync("mkfifo", [pipe])
const circle = join(directory, "circle")
symlinkSync(circle, circle)
const dangling = join(directory, "dangling")
symlinkSync(join(directory, "absent", "ledger.db"), dangling)

test.runIf(process.platform === "linux").each([
  [pipe, /is a pipe, a device or a socket/],
  ["/dev/null", /is a pipe, a device or a socket/],
  [circle, /in a circle/],
  [dangling, /its folder is not there/],
  ["/proc/absent/ledger.db", /its folder is not there/],
  [join(directory, "n".repeat(300)), /too long/]
])("%s, where no file can be, is refused, and not waited for", (path, message) => {
  expect(() => sqliteLedger(path)).toThrow(message)
})
