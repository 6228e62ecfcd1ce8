import { spawn } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { ProviderFault } from "../errors.ts"
import { launchRecord } from "../ledger/launch.test-support.ts"
import { InstanceRef } from "../model/ref.ts"
import { fileFault } from "./faults.ts"
import { sqliteLedger } from "./index.ts"

const run = <A, E>(effect: Effect.Effect<A, E>): A => Effect.runSync(effect)

const launch = launchRecord("m-1", { key: "train", idempotencyKey: "i-1", spec: { image: "pytorch" } })
const ref = new InstanceRef("vast", "container", "7")

let directory = ""
let file = ""
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "anygpu-ledger-"))
  file = join(directory, "state", "ledger.db")
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const faultOf = (body: () => unknown): ProviderFault => {
  try {
    body()
  } catch (error) {
    if (error instanceof ProviderFault) return error
    throw error
  }
  throw new Error("nothing was thrown")
}

const packageRoot = fileURLToPath(new URL("../..", import.meta.url))

/** Runs a script in a process of its own, with `ledger` on the file and `launch` in scope. */
const child = (script: string): Promise<{ code: number | null; signal: string | null; out: string; err: string }> => {
  const prelude = `
    import * as Effect from "effect/Effect"
    import { sqliteLedger } from "@anygpu/core/sqlite"
    const ledger = sqliteLedger(${JSON.stringify(file)})
    const launch = ${JSON.stringify(launch)}
  `
  const env = { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }
  const args = ["--conditions=anygpu-source", "--input-type=module", "--eval", prelude + script]
  const started = spawn(process.execPath, args, { cwd: packageRoot, env, stdio: ["ignore", "pipe", "pipe"] })
  return new Promise((resolve, reject) => {
    let [out, err] = ["", ""]
    started.stdout.on("data", (chunk) => {
      out += chunk
    })
    started.stderr.on("data", (chunk) => {
      err += chunk
    })
    started.on("error", reject)
    started.on("close", (code, signal) => resolve({ code, signal, out, err }))
  })
}

describe("the file", () => {
  test("is readable for its owner only, as are the directory made for it and SQLite's own files", () => {
    using ledger = sqliteLedger(file)
    run(ledger.openLaunch(launch))
    const modeOf = (path: string) => statSync(path).mode & 0o777
    expect(modeOf(dirname(file))).toBe(0o700)
    for (const path of [file, `${file}-wal`, `${file}-shm`]) expect(modeOf(path)).toBe(0o600)
  })

  test("keeps everything when it is opened again", () => {
    {
      using ledger = sqliteLedger(file)
      run(ledger.openLaunch(launch))
      run(ledger.settleLaunch("m-1", { state: "created", instanceId: "7" }))
      run(ledger.intend(ref, { action: "terminate", at: 2_000 }))
      run(ledger.gone(ref, 3_000))
    }
    using ledger = sqliteLedger(file)
    expect(run(ledger.launches())).toEqual([{ ...launch, state: "created", instanceId: "7" }])
    const machine = {
      ref,
      intent: { action: "terminate", at: 2_000 },
      firstSeen: null,
      goneAt: 3_000,
      name: launch.name
    }
    expect(run(ledger.machine(ref))).toEqual(machine)
  })

  test("is shared by two connections", () => {
    using one = sqliteLedger(file)
    using two = sqliteLedger(file)
    run(one.openLaunch(launch))
    expect(run(two.openLaunch({ ...launch, marker: "m-2" })).marker).toBe("m-1")
    run(two.settleLaunch("m-1", { state: "refused" }))
    expect(run(one.openLaunch({ ...launch, marker: "m-3" })).marker).toBe("m-3")
    run(two.seen([ref], 5))
    run(one.seen([ref], 6))
    expect(run(one.machine(ref))?.firstSeen).toBe(5)
  })

  test("is written with full synchronisation and a write-ahead log", () => {
    using _ = sqliteLedger(file)
    using probe = new DatabaseSync(file)
    expect(probe.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" })
    expect(readFileSync(file).subarray(0, 15).toString()).toBe("SQLite format 3")
  })
})

describe("several processes", () => {
  test("a launch outlives a process that is killed right after it was written", async () => {
    const { signal, out } = await child(`
      const record = await Effect.runPromise(ledger.openLaunch(launch))
      process.stdout.write(record.marker, () => process.kill(process.pid, "SIGKILL"))
    `)
    expect({ signal, out }).toEqual({ signal: "SIGKILL", out: "m-1" })
    using ledger = sqliteLedger(file)
    expect(run(ledger.launches({ states: ["open"] }))).toEqual([launch])
  })

  test("a process that is killed inside a write leaves nothing of it behind", async () => {
    const { signal } = await child(`
      await Effect.runPromise(ledger.openLaunch(launch))
      await Effect.runPromise(ledger.settleLaunch("m-1", { state: "refused" }))
      const spec = { toJSON: () => process.kill(process.pid, "SIGKILL") }
      await Effect.runPromise(ledger.openLaunch({ ...launch, marker: "m-2", spec }))
    `)
    expect(signal).toBe("SIGKILL")
    using ledger = sqliteLedger(file)
    expect(run(ledger.launches())).toEqual([{ ...launch, state: "refused" }])
    expect(run(ledger.openLaunch({ ...launch, marker: "m-3" })).marker).toBe("m-3")
  })

  test("of five that open a new file with the same key at once, one launches", async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((n) =>
        child(`
          const mine = { ...launch, marker: "m-${n}" }
          console.log((await Effect.runPromise(ledger.openLaunch(mine))).marker)
        `)
      )
    )
    // Nothing on stderr either: no warning of an experimental module.
    expect(answers.map(({ code, err }) => ({ code, err }))).toEqual(answers.map(() => ({ code: 0, err: "" })))
    expect(new Set(answers.map(({ out }) => out)).size).toBe(1)
    using ledger = sqliteLedger(file)
    expect(run(ledger.launches())).toHaveLength(1)
  })
})

describe("what is no ledger", () => {
  const make = (sql: string): Buffer => {
    mkdirSync(dirname(file))
    using other = new DatabaseSync(file)
    other.exec(sql)
    other.close()
    return readFileSync(file)
  }

  test.each([
    ["a file of another program", "CREATE TABLE notes (id)", /SQLite file of another program/],
    ["a newer ledger", "PRAGMA application_id = 1634168949; PRAGMA user_version = 99", /newer anygpu \(schema 99/]
  ])("%s is refused and left as it is", (_, sql, message) => {
    const before = make(sql)
    const fault = faultOf(() => sqliteLedger(file))
    expect(fault).toMatchObject({ operation: "ledger", retry: "permanent", message: expect.stringMatching(message) })
    expect(fault.message).toContain(file)
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(existsSync(`${file}-wal`)).toBe(false)
  })

  test("a text file is refused and left as it is", () => {
    mkdirSync(dirname(file))
    writeFileSync(file, "my notes, longer than a header of SQLite would be: ".repeat(20))
    expect(faultOf(() => sqliteLedger(file)).message).toMatch(/not a SQLite file/)
    expect(readFileSync(file, "utf8")).toMatch(/^my notes/)
  })

  test("an empty file becomes a ledger; an empty path and a directory do not", () => {
    mkdirSync(dirname(file))
    writeFileSync(file, "")
    using ledger = sqliteLedger(file)
    expect(run(ledger.launches())).toEqual([])
    expect(faultOf(() => sqliteLedger(" ")).message).toContain("is empty")
    expect(faultOf(() => sqliteLedger(directory))).toMatchObject({ retry: "permanent" })
    expect(faultOf(() => sqliteLedger(join(file, "below.db")))).toMatchObject({ retry: "permanent" })
  })
})

describe("failures", () => {
  test("a closed ledger says so, and closes twice", () => {
    const ledger = sqliteLedger(file)
    ledger.close()
    ledger.close()
    const fault = Effect.runSync(Effect.flip(ledger.launches()))
    expect(fault.message).toMatch(/it was closed/)
    expect(fault.message).toContain(file)
  })

  test("a damaged file says what to do", () => {
    {
      using ledger = sqliteLedger(file)
      run(ledger.openLaunch(launch))
    }
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.fill(0x55, 200))
    expect(faultOf(() => run(sqliteLedger(file).launches())).message).toMatch(/damaged|see the cause/)
  })

  test("a file that may not be written is named", () => {
    sqliteLedger(file).close()
    chmodSync(file, 0o400)
    if (process.getuid?.() === 0) return
    expect(faultOf(() => sqliteLedger(file)).message).toMatch(/change its permissions/)
  })

  test.each([
    [{ code: "ERR_SQLITE_ERROR", errcode: 5 }, "temporary", "another process"],
    [{ code: "ERR_SQLITE_ERROR", errcode: 517 }, "temporary", "another process"],
    [{ code: "ERR_SQLITE_ERROR", errcode: 13 }, "temporary", "disk is full"],
    [{ code: "ERR_SQLITE_ERROR", errcode: 8 }, "permanent", "writable"],
    [{ code: "ERR_SQLITE_ERROR", errcode: 11 }, "permanent", "damaged"],
    [{ code: "ENOSPC" }, "temporary", "disk is full"],
    [{ code: "EACCES" }, "permanent", "permissions"],
    [{}, "permanent", "see the cause"]
  ])("%j is %s: %s", (fields, retry, advice) => {
    const cause = Object.assign(new Error("boom"), fields)
    const fault = fileFault("/data/ledger.db", cause)
    expect(fault).toMatchObject({ operation: "ledger", retry, cause })
    expect(fault.message).toContain("/data/ledger.db")
    expect(fault.message).toContain(advice)
  })
})
