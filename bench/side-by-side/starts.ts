import { cloudNames } from "../cloud-list.ts"
import { median } from "../measure.ts"
import { printed } from "./ask.ts"

/** What is imported, by what the table calls it. */
const programs = {
  "empty Node": [],
  undici: ["undici"],
  "anygpu and seven clouds": ["anygpu", ...cloudNames.map((name) => `@anygpu/${name}`)],
  computesdk: ["computesdk"],
  "@profullstack/sh1pt-core": ["@profullstack/sh1pt-core"]
} satisfies Readonly<Record<string, ReadonlyArray<string>>>

/** The programs that are started. */
export type Program = keyof typeof programs

/** What one import took. */
interface Once {
  /** Milliseconds by the clock. */
  readonly wall: number
  /** Milliseconds of the processor, on all threads of the process. */
  readonly cpu: number
  /** Bytes of the process afterwards. */
  readonly rss: number
}

/** What an import took over all rounds. */
export interface Start {
  readonly program: Program
  /** Milliseconds of the fastest round. */
  readonly wall: number
  readonly cpu: number
  /** Bytes, the median. */
  readonly rss: number
}

/** Plain JavaScript, so that no process holds what strips types: the packages as they are published, not their sources. */
const source = (names: ReadonlyArray<string>): string => `
  const [start, before] = [performance.now(), process.cpuUsage()]
  for (const name of ${JSON.stringify(names)}) await import(name)
  const [wall, { user, system }] = [performance.now() - start, process.cpuUsage(before)]
  console.log(JSON.stringify({ wall, cpu: (user + system) / 1000, rss: process.memoryUsage.rss() }))`

/** Imports each in a fresh process, in turns, so that whatever slows the machine down slows all. */
export const measureStarts = async (rounds: number): Promise<ReadonlyArray<Start>> => {
  const entries = Object.entries(programs) as ReadonlyArray<[Program, ReadonlyArray<string>]>
  const measured = new Map<Program, Once[]>(entries.map(([program]) => [program, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const [program, names] of entries) {
      const once = JSON.parse(await printed(["--input-type=module", "--eval", source(names)])) as Once
      // The first one reads the files from the disk.
      if (round > 0) measured.get(program)?.push(once)
    }
  }
  return [...measured].map(([program, times]) => ({
    program,
    wall: Math.min(...times.map(({ wall }) => wall)),
    cpu: Math.min(...times.map(({ cpu }) => cpu)),
    rss: median(times.map(({ rss }) => rss))
  }))
}
