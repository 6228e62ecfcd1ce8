import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PassThrough } from "node:stream"
import { afterAll, expect, test } from "vitest"
import { readConfig } from "./config.ts"
import { readStream, readText } from "./read-text.ts"
import { workloadOf } from "./workload.ts"

const folder = mkdtempSync(join(tmpdir(), "anygpu-text-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const written = (text: string): string => {
  const path = join(folder, "file")
  writeFileSync(path, text, { mode: 0o600 })
  return path
}

const io = () => {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  return { stdin, stdout, stderr, env: {}, signal: new AbortController().signal }
}

test("is whole, also where a character lies across two parts", async () => {
  const text = `${"é".repeat(50_000)}\r\n`
  expect(await readText(written(text))).toBe(text)
  const bytes = Buffer.from("aé名")
  const parts = [...bytes].map((byte) => Buffer.from([byte]))
  expect(await readStream(PassThrough.from(parts))).toBe("aé名")
})

test("has no byte order mark, which editors of Windows write: in a config, and in a file of variables", async () => {
  expect(await readConfig(written('\uFEFF{"ledger":"l.db"}'))).toEqual({ ledger: "l.db" })
  const { env } = await workloadOf({ envFile: [written("\uFEFFNAME=value\r\n")] }, io())
  expect(env).toEqual({ NAME: "value" })
})

test.runIf(process.platform === "linux")("a file without an end is refused, not read for ever", async () => {
  const { stdin: _, ...rest } = io()
  await expect(readText("/dev/zero")).rejects.toMatchObject({ code: "EFBIG" })
  await expect(workloadOf({ envFile: ["/dev/zero"] }, { ...rest, stdin: new PassThrough() })).rejects.toThrow(/16 MiB/)
})

test("a password on standard input without an end is refused", async () => {
  const endless = PassThrough.from(
    (function* () {
      for (;;) yield Buffer.alloc(1024 * 1024, "p")
    })()
  )
  const login = { image: "me/api", registryUser: "me", registryPasswordStdin: true }
  const { stdin: _, ...rest } = io()
  const stdin = new PassThrough()
  endless.pipe(stdin)
  await expect(workloadOf(login, { ...rest, stdin })).rejects.toThrow(/16 MiB/)
  endless.destroy()
})
