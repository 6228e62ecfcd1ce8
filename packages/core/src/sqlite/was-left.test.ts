import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { expect, onTestFinished, test } from "vitest"
import type { MovablePlace } from "../ledger/contents.ts"
import { launchRecord } from "../ledger/launch.test-support.ts"
import { moveLedger } from "../ledger/move.ts"
import { sqliteLedger } from "./index.ts"
import { sqlitePlace } from "./place.ts"
import { wasLeft } from "./was-left.ts"

/** The paths of two files, of which one has a launch, after a move of it that was cut off. */
const cutOff = (cut: (from: MovablePlace, to: MovablePlace) => readonly [MovablePlace, MovablePlace]) => {
  const folder = mkdtempSync(join(tmpdir(), "anygpu-left-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [path, other] = [join(folder, "a.db"), join(folder, "b.db")]
  const ledger = sqliteLedger(path)
  Effect.runSync(ledger.openLaunch(launchRecord("m")))
  ledger.close()
  const [from, to] = [sqlitePlace(path), sqlitePlace(other)]
  expect(() => Effect.runSync(moveLedger(...cut(from, to)))).toThrow("cut off")
  from.close()
  to.close()
  return { path, other }
}

const dies = Effect.die(new Error("cut off"))

const launchesIn = (path: string): number => {
  using ledger = sqliteLedger(path)
  return Effect.runSync(ledger.launches()).length
}

test("a move that was cut off after the old file was left is ended by who opens the new one", () => {
  const { path, other } = cutOff((from, to) => [from, { ...to, settle: dies }])
  expect(() => sqliteLedger(path)).toThrow(`was moved to ${other}`)
  expect([launchesIn(other), launchesIn(other)]).toEqual([1, 1])
})

test("one that was cut off before that leaves the old file the ledger, and the new one says so", () => {
  const { path, other } = cutOff((from, to) => [
    {
      ...from,
      leave: (where, token, copy) => from.leave(where, token, (contents) => Effect.andThen(copy(contents), dies))
    },
    to
  ])
  expect(() => sqliteLedger(other)).toThrow(`${path} is still the ledger`)
  expect(launchesIn(path)).toBe(1)
  const [from, to] = [sqlitePlace(path), sqlitePlace(other)]
  expect(Effect.runSync(moveLedger(from, to))).toMatchObject({ moved: "1 launch" })
  from.close()
  to.close()
  expect(launchesIn(other)).toBe(1)
})

test("a file that was left by another move, or is none, ends nothing", () => {
  const { path } = cutOff((from, to) => [from, { ...to, settle: dies }])
  expect([path, "/nowhere/ledger.db", tmpdir(), "postgres://a@b/c"].map((one) => wasLeft(one, "token"))).toEqual([
    ...[false, false, false, false]
  ])
})
