import { createHash } from "node:crypto"
import { connect } from "@anygpu/ssh"
import type { Machine } from "./machine.ts"

/** What came of a job that writes much, whose connection is cut in between. */
export interface OutputResult {
  readonly bytes: number
  readonly cuts: number
  /** Whether every byte is that of the machine, by its own `sha256sum`. */
  readonly isSame: boolean
  readonly code: number | null
  /** The most memory that this process had by then, in MiB. */
  readonly mebibytes: number
}

/** A job that writes so many bytes of everything: random ones, NULs, line breaks and carriage returns. */
export const outputTest = async (
  machine: Machine,
  transport: "ssh2" | "openssh",
  { megabytes, cuts: planned }: { readonly megabytes: number; readonly cuts: number }
): Promise<OutputResult> => {
  const { key } = machine
  await using session = await connect(machine, {
    key,
    agent: false,
    transport,
    patience: "10 minutes",
    within: "1 minute"
  })
  const block = `${machine.folder}/block-${transport}`
  await session.exec(`head -c 1000000 /dev/urandom > ${block}`)
  const write = `i=0; while [ $i -lt ${megabytes} ]; do i=$((i + 1)); cat ${block}; done`
  const sum = (await session.exec(`{ ${write}; } | sha256sum`)).stdout.slice(0, 64)
  const job = await session.start(`${write}; exit 42`, { id: `output-${transport}` })
  const hash = createHash("sha256")
  let [bytes, cuts] = [0, 0]
  for await (const chunk of job.output()) {
    hash.update(chunk)
    bytes += chunk.length
    if (cuts < planned && bytes > ((cuts + 1) * megabytes * 1_000_000) / (planned + 1)) {
      cuts += Math.min(1, await machine.cut(cuts % 2 === 0 ? "reset" : "close"))
    }
  }
  const { code } = await job.wait()
  await job.remove()
  const mebibytes = process.resourceUsage().maxRSS / 1024
  return { bytes, cuts, isSame: hash.digest("hex") === sum, code, mebibytes }
}
