import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { afterEach, beforeEach, expect, test } from "vitest"
import { fileSnapshots } from "./snapshots.ts"

let store: string
beforeEach(() => {
  store = join(mkdtempSync(join(tmpdir(), "anygpu-store-")), "run")
})
afterEach(() => rmSync(store, { recursive: true, force: true }))

const take = async (at: number, files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = await Effect.runPromise(fileSnapshots.begin(store))
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text)
  return await Effect.runPromise(fileSnapshots.keep(store, folder, at, Object.keys(files)))
}

test("keeps the last two, whole, without what the machine has no more", async () => {
  expect(await Effect.runPromise(fileSnapshots.latest(store))).toBeNull()
  await take(1, { a: "1", old: "x" })
  const second = await take(2, { a: "2" })
  const third = await take(10, { a: "3" })
  expect(existsSync(join(second, "old"))).toBe(false)
  expect(readdirSync(store).sort()).toEqual([second, third].map((path) => path.slice(store.length + 1)))
  expect(await Effect.runPromise(fileSnapshots.latest(store))).toBe(third)
  expect(readFileSync(join(third, "a"), "utf8")).toBe("3")
})

test("an unfinished one is never the latest, begins with the latest, and is gone when it is dropped", async () => {
  const first = await take(1, { a: "1" })
  const folder = await Effect.runPromise(fileSnapshots.begin(store))
  expect(readFileSync(join(folder, "a"), "utf8")).toBe("1")
  expect(await Effect.runPromise(fileSnapshots.latest(store))).toBe(first)
  await Effect.runPromise(fileSnapshots.drop(folder))
  expect(readdirSync(store)).toHaveLength(1)
})

test("says what is wrong with a store that is a file", async () => {
  mkdirSync(join(store, ".."), { recursive: true })
  writeFileSync(store, "")
  const error = await Effect.runPromise(Effect.flip(fileSnapshots.begin(store)))
  expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "checkpoint.store" }] })
})
