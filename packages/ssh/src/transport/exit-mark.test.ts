import { text } from "node:stream/consumers"
import fc from "fast-check"
import { expect, test } from "vitest"
import { exitFilter } from "./exit-mark.ts"

const filtered = async (chunks: ReadonlyArray<Buffer>) => {
  const { stream, code } = exitFilter("m4rk")
  const read = text(stream)
  for (const chunk of chunks) stream.write(chunk)
  stream.end()
  return { errors: await read, code: code() }
}

/** The same bytes in chunks that end at these places. */
const cutAt = (bytes: Buffer, places: ReadonlyArray<number>): ReadonlyArray<Buffer> => {
  const ends = [...new Set([...places.map((place) => place % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b)
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
}

test("a code is reported and nothing of its mark, wherever the bytes are cut", async () => {
  const before = fc.constantFrom(
    "",
    "error\n",
    "no line end",
    "\n\n",
    "\n#anygpu-exit ",
    "\n#anygpu-exit m4r",
    "\n#anygpu-exit other 3\n"
  )
  const after = fc.constantFrom("", "of a child that lives\n")
  const cuts = fc.array(fc.nat(200), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(before, fc.nat(255), after, cuts, async (head, code, tail, places) => {
      const bytes = Buffer.from(`${head}\n#anygpu-exit m4rk ${code}\n${tail}`)
      expect(await filtered(cutAt(bytes, places))).toEqual({ errors: `${head}${tail}`, code })
    })
  )
})

test("without its mark, or with half of it, there is no code, and all that was written is there", async () => {
  for (const written of ["", "error", "error\n#anygpu-exit m4rk", "error\n#anygpu-exit m4rk 1"]) {
    expect((await filtered([Buffer.from(written)])).code).toBeNull()
    expect((await filtered([Buffer.from(written)])).errors).toBe(written)
  }
})
