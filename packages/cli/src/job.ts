import type { Job } from "anygpu"
import type { Options } from "./catalogue/entry.ts"
import { durationOf, momentOf, sizeOf } from "./inputs.ts"

const hour = 3_600_000

/** The job that `--for`, `--start`, `--disk`, `--egress` and `--ingress` describe: one hour by default. */
export const jobOf = (options: Options, now: number): Job & { readonly duration: number } => {
  const [startAt, storageMiB] = [momentOf(options, "start", now), sizeOf(options, "disk")]
  const [egress, ingress] = [sizeOf(options, "egress"), sizeOf(options, "ingress")]
  return {
    duration: durationOf(options, "for") ?? hour,
    ...(startAt && { startAt }),
    ...(storageMiB !== undefined && { storageMiB }),
    ...(egress !== undefined && { egressGiB: egress / 1024 }),
    ...(ingress !== undefined && { ingressGiB: ingress / 1024 })
  }
}
