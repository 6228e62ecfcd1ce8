import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { connect } from "../index.ts"
import { startSshd, withoutSshd } from "../testing/sshd.ts"
import { controlOf, makeFolder } from "./openssh-folder.ts"

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "anygpu-folders-"))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const hour = 3_600_000
const now = 1_767_225_600_000

/** A folder as a client leaves it that was killed an hour ago, with a key in it. */
const left = (name: string, at = now - hour): string => {
  const folder = join(root, name)
  mkdirSync(folder)
  writeFileSync(join(folder, "key"), "secret")
  utimesSync(folder, at / 1000, at / 1000)
  return folder
}

test("what killed clients have left is removed by the next one", async () => {
  const folders = [left("anygpu-ssh-one"), left("anygpu-ssh-two")]
  const own = await makeFolder(root, now)
  expect(folders.filter(existsSync)).toEqual([])
  expect(existsSync(own)).toBe(true)
})

test("what a login may need, or a connection has, and what is not ours by its name, stays", async () => {
  const [young, other, lively] = [left("anygpu-ssh-new", now - 60_000), left("other"), left("anygpu-ssh-lively")]
  const server = createServer().listen(controlOf(lively))
  await new Promise((done) => server.once("listening", done))
  utimesSync(lively, (now - hour) / 1000, (now - hour) / 1000)
  symlinkSync(other, join(root, "anygpu-ssh-link"))
  await makeFolder(root, now)
  expect([young, other, lively].map((folder) => readFileSync(join(folder, "key"), "utf8"))).toEqual(
    Array(3).fill("secret")
  )
  server.close()
})

test.skipIf(withoutSshd)("a key that was given as text is in no file once somebody is in", async () => {
  const sshd = await startSshd("dash")
  const before = process.env.TMPDIR
  process.env.TMPDIR = root
  try {
    const key = readFileSync(sshd.key, "utf8")
    await using machine = await connect(sshd, { key, agent: false, transport: "openssh" })
    expect(await machine.exec("echo in")).toMatchObject({ stdout: "in\n" })
    const files = readdirSync(root, { recursive: true }).map(String)
    expect(files.filter((file) => file.endsWith("control"))).toHaveLength(1)
    expect(files.filter((file) => file.endsWith("key"))).toEqual([])
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    await sshd.stop()
  }
})
