import { spawnSync } from "node:child_process"
import { randomBytes } from "node:crypto"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Readable } from "node:stream"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { connect } from "../index.ts"
import { startCutter } from "../testing/cutter.ts"
import { type Sshd, startSshd, withoutSshd } from "../testing/sshd.ts"
import { packing, unpacked } from "./download-compression.ts"

let here = ""
beforeEach(() => {
  here = mkdtempSync(join(tmpdir(), "anygpu-packed-"))
  return () => rmSync(here, { recursive: true, force: true })
})

const text = Array.from({ length: 30_000 }, (_, index) => `step ${index}: loss ${(1 / (index + 1)).toFixed(6)}\n`).join(
  ""
)

const shells = [["dash"], ["bash"], ["busybox", "sh"]]

describe.each(shells)("what is packed by %s", (program, ...words) => {
  test.each(["zstd", "gzip"] as const)("with %s is what the script wrote, and its code", async (compressor) => {
    const run = (script: string) =>
      spawnSync(program, [...words, "-c", packing(script, compressor)], { cwd: here, input: text })
    const { status, stdout } = run("exec cat")
    expect([status, stdout.length < text.length / 2]).toEqual([0, true])
    const chunks: Uint8Array[] = []
    for await (const chunk of unpacked(Readable.from([stdout.subarray(0, 9), stdout.subarray(9)]), compressor)) {
      chunks.push(chunk)
    }
    expect(Buffer.concat(chunks).toString()).toBe(text)
    expect(run("cat; exit 93").status).toBe(93)
    const half = async () => {
      for await (const _ of unpacked(Readable.from([stdout.subarray(0, -100)]), compressor));
    }
    await expect(half()).rejects.toThrow("cannot be unpacked")
    await expect(half()).rejects.not.toHaveProperty("code")
  })
})

describe.skipIf(withoutSshd)("a download", () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd()
  }, 240_000)
  afterAll(() => sshd?.stop())

  /** Downloads a big file and many small ones, and answers how many bytes came over the way. */
  const receivedOf = async (content: (index: number) => Uint8Array, bytesPerSecond?: number): Promise<number> => {
    const cutter = await startCutter(sshd.port, bytesPerSecond === undefined ? {} : { bytesPerSecond })
    const there = join(sshd.folder, `there-${Math.random()}`)
    mkdirSync(there)
    const big = Buffer.concat(Array.from({ length: 20 }, (_, index) => content(index)))
    writeFileSync(join(there, "big"), big)
    for (let index = 0; index < 5; index++) writeFileSync(join(there, `small-${index}`), content(index))
    try {
      await using machine = await connect(sshd, { port: cutter.port, key: sshd.key, agent: false })
      await machine.download("**", here, { from: there })
      expect(readFileSync(join(here, "big")).equals(big)).toBe(true)
      expect(readFileSync(join(here, "small-3")).equals(Buffer.from(content(3)))).toBe(true)
      return cutter.received()
    } finally {
      await cutter.stop()
    }
  }
  const size = 25 * Buffer.byteLength(text)

  test("is packed on a slow way", async () => {
    expect(await receivedOf(() => Buffer.from(text), 8_000_000)).toBeLessThan(size / 2)
  }, 240_000)

  test("is not packed where that makes it no smaller", async () => {
    const random = Array.from({ length: 20 }, () => randomBytes(Buffer.byteLength(text)))
    const received = await receivedOf((index) => random[index] ?? Buffer.alloc(0), 12_000_000)
    expect(received).toBeGreaterThan(size)
    expect(received).toBeLessThan(1.1 * size + 4 * 1024 * 1024)
  }, 240_000)
})
