import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { changeFile } from "./change-file.ts"

let folder = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "anygpu-change-"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const modeOf = (path: string): number => statSync(path).mode & 0o777

test("makes a file and its folder for their owner alone, and leaves nothing beside it", async () => {
  const path = join(folder, "ssh/config")
  await changeFile(path, (text) => `${text}`)
  expect([readFileSync(path, "utf8"), modeOf(path), modeOf(join(folder, "ssh"))]).toEqual(["null", 0o600, 0o700])
  expect(readdirSync(join(folder, "ssh"))).toEqual(["config"])
})

test("keeps the permissions of a file, and writes it only when it is another text", async () => {
  const path = join(folder, "config")
  writeFileSync(path, "a")
  chmodSync(path, 0o644)
  const { ino } = statSync(path)
  await changeFile(path, (text) => text)
  expect(statSync(path).ino).toBe(ino)
  await changeFile(path, () => "b")
  expect([readFileSync(path, "utf8"), modeOf(path)]).toEqual(["b", 0o644])
  await changeFile(path, () => null)
  expect(existsSync(path)).toBe(false)
})

test("a link stays a link, to a file that is there and to one that is not", async () => {
  mkdirSync(join(folder, "dotfiles"))
  writeFileSync(join(folder, "dotfiles/config"), "a")
  symlinkSync("dotfiles/config", join(folder, "config"))
  symlinkSync("dotfiles/new", join(folder, "new"))
  for (const name of ["config", "new"]) {
    await changeFile(join(folder, name), (text) => `${text ?? ""}b`)
    expect(lstatSync(join(folder, name)).isSymbolicLink()).toBe(true)
  }
  expect(readFileSync(join(folder, "dotfiles/config"), "utf8")).toBe("ab")
  expect(readFileSync(join(folder, "dotfiles/new"), "utf8")).toBe("b")
})

test("changes at once come one after the other, and none is lost", async () => {
  const path = join(folder, "config")
  await Promise.all(Array.from({ length: 20 }, (_, index) => changeFile(path, (text) => `${text ?? ""}${index};`)))
  expect(
    readFileSync(path, "utf8")
      .split(";")
      .filter(Boolean)
      .map(Number)
      .sort((a, b) => a - b)
  ).toEqual(Array.from({ length: 20 }, (_, index) => index))
})

test("a lock that a killed process left holds nobody up", async () => {
  const path = join(folder, "config")
  writeFileSync(`${path}.lock`, "")
  const hourAgo = Date.now() / 1000 - 3600
  utimesSync(`${path}.lock`, hourAgo, hourAgo)
  await changeFile(path, () => "a")
  expect(readFileSync(path, "utf8")).toBe("a")
})

test("a change that fails changes nothing and lets go", async () => {
  const path = join(folder, "config")
  writeFileSync(path, "a")
  const fails = changeFile(path, () => {
    throw new Error("no")
  })
  await expect(fails).rejects.toThrow("no")
  await changeFile(path, (text) => `${text}b`)
  expect(readFileSync(path, "utf8")).toBe("ab")
})

test("says what cannot be written", async () => {
  writeFileSync(join(folder, "file"), "")
  await expect(changeFile(join(folder, "file/config"), () => "a")).rejects.toMatchObject({
    ...{ _tag: "InvalidRequest", message: expect.stringContaining("cannot be written") }
  })
})
