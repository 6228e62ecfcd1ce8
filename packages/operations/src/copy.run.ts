import type { Progress, Transferred } from "@anygpu/ssh"
import type { InstanceRef } from "anygpu"
import { download, upload } from "#copying"
import type { OperationContext } from "./context.ts"
import type { copyInput } from "./copy.ts"
import { copyPlan } from "./copying/side.ts"
import type { InputOf } from "./input/field.ts"
import { reachable } from "./machines/reachable.ts"
import type { CopyJson } from "./protocol/answers/copy.ts"

/** What a copy did. */
export interface Copied extends Transferred {
  readonly ref: InstanceRef
  readonly direction: "up" | "down"
  readonly to: string
}

const none: Transferred = { files: 0, bytes: 0, unchanged: 0, skipped: [] }

const together = (all: ReadonlyArray<Transferred>): Transferred =>
  all.reduce(
    (sum, one) => ({
      files: sum.files + one.files,
      bytes: sum.bytes + one.bytes,
      unchanged: sum.unchanged + one.unchanged,
      skipped: [...sum.skipped, ...one.skipped]
    }),
    none
  )

const progressText = ({ bytes, totalBytes, totalFiles }: Progress): string => {
  const share = totalBytes === 0 ? 100 : Math.min(100, Math.floor((bytes / totalBytes) * 100))
  return `copying ${totalFiles} file${totalFiles === 1 ? "" : "s"}: ${share}%`
}

/** Copies files and folders to a machine or from it. */
export const run = async (
  context: OperationContext,
  { from, to, noIgnore = false, wait = false }: InputOf<typeof copyInput>
): Promise<Copied> => {
  const { out, signal } = context
  const plan = copyPlan(from, to)
  const machine = await reachable(context, plan.ref, wait)
  const { ref } = machine
  const open = () => context.connect(machine, { wait, signal })
  const done = await out.during(`copying ${plan.direction === "up" ? "to" : "from"} ${ref}`, async (say) => {
    const copying = { signal, onProgress: (progress: Progress) => say(progressText(progress)) }
    if (plan.direction === "up") return await upload(open, plan, { ...copying, noIgnore })
    await using session = await open()
    return await download(session, plan, copying)
  })
  return { ref, direction: plan.direction, to, ...together(done) }
}

/** What a copy did, in JSON. */
export const encode = ({ ref, direction, to, files, bytes, unchanged, skipped }: Copied): CopyJson => ({
  ...{ ref: String(ref), direction, to, files, bytes, unchanged },
  skipped: skipped.map(({ path, reason }) => ({ path, reason }))
})
