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
import { type Compressor, packed, unpacking } from "./compression.ts"

let here = ""
beforeEach(() => {
  here = mkdtempSync(join(tmpdir(), "anygpu-packed-"))
  return () => rmSync(here, { recursive: true, force: true })
})

const line = (index: number): string => `step ${index}: loss ${(1 / (index + 1)).toFixed(6)}\n`
const text = Array.from({ length: 30_000 }, (_, index) => line(index)).join("")

const shells = [["dash"], ["bash"], ["busybox", "sh"]]

describe.each(shells)("what is unpacked by %s", (program, ...words) => {
  /** Unpacks bytes into a file, and answers the code. */
  const unpacked = (bytes: Uint8Array, compressor: Compressor, command = "cat > out") =>
    spawnSync(program, [...words, "-c", unpacking(command, compressor)], { cwd: here, input: bytes }).status
  const packedText = async (compressor: Compressor): Promise<Buffer> => {
    const chunks: Uint8Array[] = []
    for await (const chunk of packed(Readable.from([Buffer.from(text), Buffer.from("end")]), compressor))
      chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  test.each(["zstd", "gzip"] as const)("is what was packed by %s, or fails", async (compressor) => {
    const bytes = await packedText(compressor)
    expect(unpacked(bytes, compressor)).toBe(0)
    expect(readFileSync(join(here, "out"), "utf8")).toBe(`${text}end`)
    expect(unpacked(bytes.subarray(0, bytes.length - 100), compressor)).not.toBe(0)
    expect(unpacked(Buffer.from("no archive"), compressor)).not.toBe(0)
    expect(unpacked(bytes, compressor, "cat > out; exit 3")).not.toBe(0)
  })
})

test("what cannot be read fails also when it is packed", async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("begin")
    throw new Error("the disk is gone")
  }
  const reading = async () => {
    for await (const _ of packed(failing(), "gzip"));
  }
  await expect(reading()).rejects.toThrow("the disk is gone")
})

describe.skipIf(withoutSshd)("an upload", () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd()
  }, 240_000)
  afterAll(() => sshd?.stop())

  /** Uploads a big file and many small ones, and answers how many bytes went over the way. */
  const sentOf = async (content: (index: number) => Uint8Array, bytesPerSecond?: number): Promise<number> => {
    const cutter = await startCutter(sshd.port, bytesPerSecond === undefined ? {} : { bytesPerSecond })
    const [from, there] = [join(here, "from"), join(sshd.folder, `there-${Math.random()}`)]
    mkdirSync(from)
    const big = Buffer.concat(Array.from({ length: 20 }, (_, index) => content(index)))
    writeFileSync(join(from, "big"), big)
    for (let index = 0; index < 5; index++) writeFileSync(join(from, `small-${index}`), content(index))
    try {
      await using machine = await connect(sshd, { port: cutter.port, key: sshd.key, agent: false })
      await machine.upload(from, there)
      expect(readFileSync(join(there, "big")).equals(big)).toBe(true)
      expect(readFileSync(join(there, "small-3")).equals(content(3))).toBe(true)
      return cutter.sent()
    } finally {
      await cutter.stop()
    }
  }
  const size = 25 * Buffer.byteLength(text)

  test("is packed on a slow way", async () => {
    expect(await sentOf(() => Buffer.from(text), 8_000_000)).toBeLessThan(size / 2)
  }, 240_000)

  test("is not packed where that makes it no smaller", async () => {
    const random = Array.from({ length: 20 }, () => randomBytes(Buffer.byteLength(text)))
    const sent = await sentOf((index) => random[index] ?? Buffer.alloc(0), 12_000_000)
    expect(sent).toBeGreaterThan(size)
    // The second of the two probes goes over the way only where the first seems fast.
    expect(sent).toBeLessThan(1.1 * size + 4 * 1024 * 1024)
  }, 240_000)
})
