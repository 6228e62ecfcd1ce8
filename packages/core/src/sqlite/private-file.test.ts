import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { launchRecord } from "../ledger/launch.test-support.ts"
import { sqliteLedger } from "./index.ts"

const run = <A, E>(effect: Effect.Effect<A, E>): A => Effect.runSync(effect)

let directory = ""
let file = ""
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "anygpu-private-"))
  file = join(directory, "state", "ledger.db")
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

describe.skipIf(process.platform === "win32")("a ledger that others can read", () => {
  const modesOf = (path: string) =>
    ["", "-wal", "-shm"].map((end) => (statSync(`${path}${end}`).mode & 0o777).toString(8))

  test("is made private when it is opened, with all its files", () => {
    sqliteLedger(file)[Symbol.dispose]()
    chmodSync(file, 0o666)
    using first = sqliteLedger(file)
    run(first.openLaunch(launchRecord("m-1", { key: "train" })))
    for (const end of ["", "-wal", "-shm"]) chmodSync(`${file}${end}`, 0o644)
    using second = sqliteLedger(file)
    expect(modesOf(file)).toEqual(["600", "600", "600"])
    expect(run(second.launches())).toHaveLength(1)
  })

  test("stays as it is where it is no ledger", () => {
    mkdirSync(dirname(file))
    writeFileSync(file, "my notes, longer than a header of SQLite would be: ".repeat(20), { mode: 0o644 })
    expect(() => sqliteLedger(file)).toThrow(/not a SQLite file/)
    expect((statSync(file).mode & 0o777).toString(8)).toBe("644")
  })
})
