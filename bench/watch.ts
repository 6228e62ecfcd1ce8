import { fetchTransport } from "@anygpu/core/adapter"
import { createClock } from "@anygpu/simulators"
import { createGpu } from "anygpu"
import { readPart } from "./cloud-parts.ts"
import { inMillis, median } from "./measure.ts"

/*
 * What watching costs as the machines become more: the requests of one round, and the processor's time for each machine.
 * Two kinds are watched over one account, whose lists have 25 machines a page. Time is virtual, answers are
 * prepared, and a round is counted from its first page to the next one's. 10,000 machines, a page a second,
 * take seven minutes to list, and the watch says so each time: `stale`, then `resumed`.
 */

const { cloud: watched, pageSize, pages: pagesOf, pageOf, open } = await readPart("watch")
const sizes = [10, 100, 1_000, 10_000] as const
const roundsOf = (machines: number): number => Math.max(9, Math.min(101, Math.round(30_000 / machines)))

/** One round: how many requests, and how many milliseconds of the processor. */
interface Round {
  readonly requests: number
  readonly millis: number
}

const processorMillis = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Watches so many machines for some rounds; the first two, in which everything appears, are not counted. */
const watch = async (machines: number): Promise<ReadonlyArray<Round>> => {
  const pages = pagesOf(machines)
  const clock = createClock()
  const enough = new AbortController()
  const starts: Array<{ readonly requests: number; readonly millis: number }> = []
  let requests = 0
  const answer = async (url: string): Promise<Response> => {
    const release = clock.hold()
    const page = pageOf(url)
    if (page === 0) starts.push({ requests, millis: processorMillis() })
    if (starts.length > roundsOf(machines) + 2) enough.abort()
    requests++
    setImmediate(release)
    return new Response(pages[page], { headers: { "content-type": "application/json" } })
  }
  const cloud = open(fetchTransport(answer))
  const gpu = createGpu({ clouds: [cloud], clock })
  let appeared = 0
  try {
    for await (const change of gpu.watch({ signal: enough.signal })) {
      if (change.type === "stale" || change.type === "resumed") continue
      if (change.type !== "appeared") throw new Error(`nothing changes here, and the watch said ${change.type}`)
      appeared++
    }
  } catch (error) {
    if (!enough.signal.aborted) throw error
  }
  clock.close()
  if (appeared !== machines) throw new Error(`${machines} machines are there, and ${appeared} appeared`)
  return starts.slice(2, -1).map(({ requests: before, millis }, index) => {
    const next = starts[index + 3]
    return { requests: (next?.requests ?? Number.NaN) - before, millis: (next?.millis ?? Number.NaN) - millis }
  })
}

// The code is warm before anything counts.
await watch(1_000)

const rows: Array<Record<string, string | number>> = []
let before: number | undefined
for (const machines of sizes) {
  const rounds = await watch(machines)
  const requests = median(rounds.map((round) => round.requests))
  const millis = median(rounds.map((round) => round.millis))
  const each = (millis / machines) * 1000
  rows.push({
    machines,
    "requests a round": requests,
    "beyond the pages": requests - Math.ceil(machines / pageSize),
    "processor a round": inMillis(millis),
    "for each machine": `${each.toFixed(1)} µs`,
    "to the size before": before === undefined ? "" : (each / before).toFixed(2)
  })
  before = each
}
console.log(
  `Watching ${watched}, nothing changes; median of the rounds. Wanted: no request but the pages, and linear time`
)
console.table(rows)
