import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { posix } from "node:path"
import type { Entry } from "./entry.ts"

/** From so many bytes on, a file is copied by itself: after a lost connection that goes on in its middle. */
const bigFile = 16 * 1024 * 1024

/** A copy goes on at a multiple of this: what was written of the last block may be a part of it. */
export const block = 1024 * 1024

const partPrefix = ".anygpu-part-"

/** Whether a path is that of an unfinished copy, which no copy takes along. */
export const isPart = (path: string): boolean => posix.basename(path).startsWith(partPrefix)

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16)

/** What the unfinished copy of a file begins with, whatever the file holds, and its whole name for what it holds now. */
export const partNames = ({ path, size, changed }: Entry): readonly [start: string, name: string] => {
  const start = `${partPrefix}${hash(path)}-`
  return [start, `${start}${hash(`${size} ${changed}`)}`]
}

/** Beside the file, so that it is on the same file system. */
export const partOf = (entry: Entry): string => posix.join(posix.dirname(entry.path), partNames(entry)[1])

/** Where a copy goes on of which so many bytes are there. */
export const resumeAt = (there: number | undefined): number => Math.floor((there ?? 0) / block) * block

/** The sum of a file here, as `sha256sum` prints it. */
export const sumOf = async (source: string): Promise<string> => {
  const sum = createHash("sha256")
  for await (const chunk of createReadStream(source, { highWaterMark: 1024 * 1024 })) sum.update(chunk)
  return sum.digest("hex")
}

/** Whether something is copied by itself. */
export const isBig = ({ type, size }: Entry): boolean => type === "file" && size >= bigFile
