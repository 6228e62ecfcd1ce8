import { spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import { afterEach, beforeEach, expect, test } from "vitest"
import { launchRecord } from "../ledger/launch.test-support.ts"
import { money } from "../model/money.ts"
import { sqliteLedger } from "./index.ts"

let directory = ""
let file = ""
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "anygpu-budget-"))
  file = join(directory, "ledger.db")
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const reservation = {
  budget: { name: "team", perHour: money(3), total: money(100) },
  cost: { perHour: money(1), total: money(3) }
}

/** A process of its own that opens ten launches, one after the other, and prints how many of them passed. */
const opener = (name: string): Promise<number> => {
  const script = `
    import * as Effect from "effect/Effect"
    import { sqliteLedger } from "@anygpu/core/sqlite"
    const ledger = sqliteLedger(${JSON.stringify(file)})
    const launch = ${JSON.stringify(launchRecord("m"))}
    let passed = 0
    for (let index = 0; index < 10; index++) {
      const open = ledger.openLaunch({ ...launch, marker: "${name}-" + index }, ${JSON.stringify(reservation)})
      if ((await Effect.runPromise(Effect.result(open)))._tag === "Success") passed++
    }
    console.log(passed)
  `
  const cwd = fileURLToPath(new URL("../..", import.meta.url))
  const env = { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }
  const args = ["--conditions=anygpu-source", "--input-type=module", "--eval", script]
  const started = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "inherit"] })
  return new Promise((resolve, reject) => {
    let out = ""
    started.stdout.on("data", (chunk) => {
      out += chunk
    })
    started.on("error", reject)
    started.on("close", (code) => (code === 0 ? resolve(Number(out)) : reject(new Error(`ended with ${code}`))))
  })
}

test("of four processes that launch at once none passes the budget, and a restart refills nothing", async () => {
  const passed = await Promise.all(["a", "b", "c", "d"].map(opener))
  expect(passed.reduce((sum, one) => sum + one, 0)).toBe(3)
  using ledger = sqliteLedger(file)
  expect(Effect.runSync(ledger.commitments("team"))).toHaveLength(3)
  expect(await opener("again")).toBe(0)
})
