/*
 * A part of the reliability run, in a process of its own.
 *
 *   part.ts <the part as JSON>
 */
import { type Part, runPart, type Word } from "./parts.ts"

const say = (word: Word) => new Promise<void>((done) => process.send?.(word, () => done()))
// The parent is gone: there is nobody to report to.
process.on("disconnect", () => process.exit())
const part = JSON.parse(process.argv[2] ?? "") as Part
const sums = await runPart(part, (line) => void say({ line }))
await say({ sums })
// Fibers of killed processes wait for ever.
process.exit()
