import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { type ConnectedMachine, connect } from "@anygpu/ssh"
import type { Machine } from "./machine.ts"
import { judge, numberedLines, randomFrom } from "./numbered.ts"

/** What a cut test does. */
export interface CutPlan {
  readonly lines: number
  readonly cuts: number
  readonly seed: number
}

/** What came of it. */
export interface CutResult {
  readonly lost: number
  readonly repeated: number
  readonly cuts: number
  readonly code: number | null
  readonly seconds: number
}

const connectTo = (machine: Machine, transport: "ssh2" | "openssh"): Promise<ConnectedMachine> =>
  connect(machine, { key: machine.key, agent: false, transport, patience: "10 minutes", within: "1 minute" })

/** One job under cuts at random moments: from 50 ms to 950 ms and two logins apart. */
export const cutTest = async (
  machine: Machine,
  transport: "ssh2" | "openssh",
  { lines, cuts, seed }: CutPlan
): Promise<CutResult> => {
  const began = performance.now()
  const random = randomFrom(seed)
  await using session = await connectTo(machine, transport)
  // On a slow computer a login takes longer than the cuts are apart, and none would ever be done.
  const login = performance.now() - began
  let done = 0
  let isOver = false
  // The job takes its time until there were as many cuts as there are to be.
  const enough = join(machine.folder, `enough-${transport}-${seed}`)
  const cutting = (async () => {
    while (done < cuts && !isOver) {
      await new Promise((over) => setTimeout(over, 50 + (900 + 2 * login) * random()))
      done += Math.min(1, await machine.cut(random() < 0.5 ? "close" : "reset"))
    }
    writeFileSync(enough, "")
  })()
  const count = numberedLines(lines, { seconds: cuts * 4, enough })
  const job = await session.start(count, { id: `cut-${transport}-${seed}` })
  let text = ""
  for await (const chunk of job.output()) text += Buffer.from(chunk).toString("latin1")
  isOver = true
  await cutting
  const { code } = await job.wait()
  return { ...judge(text, lines), cuts: done, code, seconds: (performance.now() - began) / 1000 }
}
