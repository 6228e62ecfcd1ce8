import { createHash, randomBytes } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connect } from "@anygpu/ssh"
import type { Machine } from "./machine.ts"
import { randomFrom } from "./numbered.ts"

/** What came of a file whose copy was cut. */
export interface CutCopy {
  readonly cuts: number
  readonly isSame: boolean
  /** The part of the file that was sent more than once. */
  readonly sentAgain: number
}

const sumOf = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex")

/** Uploads one big file under cuts, at moments spread over it at random. */
export const cutCopyTest = async (
  machine: Machine,
  transport: "ssh2" | "openssh",
  plan: { readonly megabytes: number; readonly cuts: number; readonly seed: number }
): Promise<CutCopy> => {
  const folder = mkdtempSync(join(tmpdir(), "anygpu-bench-cut-"))
  const source = join(folder, "big")
  for (let at = 0; at < plan.megabytes; at += 50) {
    writeFileSync(source, randomBytes(Math.min(50, plan.megabytes - at) * 1_000_000), { flag: "a" })
  }
  const size = plan.megabytes * 1_000_000
  const random = randomFrom(plan.seed)
  const moments = Array.from({ length: plan.cuts }, () => random() * size).sort((a, b) => a - b)
  const options = { key: machine.key, agent: false, transport, patience: "10 minutes", within: "1 minute" } as const
  await using session = await connect(machine, options)
  let [sent, last, cuts] = [0, 0, 0]
  let cutting: Promise<unknown> | null = null
  try {
    await session.upload(source, join(machine.folder, "cut"), {
      onProgress: ({ bytes }) => {
        // Another try begins at what is there already, which is less than was sent.
        sent += Math.max(0, bytes - last)
        last = bytes
        const moment = moments[cuts]
        if (moment === undefined || bytes < moment || cutting !== null) return
        cutting = machine.cut(random() < 0.5 ? "close" : "reset").then((ended) => {
          cuts += Math.min(1, ended)
          cutting = null
        })
      }
    })
    const isSame = sumOf(source) === sumOf(join(machine.folder, "cut", "big"))
    return { cuts, isSame, sentAgain: Math.max(0, sent - size) / size }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
