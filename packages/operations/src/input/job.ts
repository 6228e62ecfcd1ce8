import type { Job } from "anygpu"
import type { InputOf } from "./field.ts"
import type { filterFields, jobFields } from "./fields.ts"
import { present } from "./present.ts"

const hour = 3_600_000

const gibibytes = (mebibytes: number | undefined): number | undefined =>
  mebibytes === undefined ? undefined : mebibytes / 1024

/** The job that an input describes: one hour by default. */
export const jobOf = ({
  for: duration = hour,
  start,
  disk,
  egress,
  ingress
}: InputOf<typeof jobFields & Pick<typeof filterFields, "disk">>): Job & { readonly duration: number } => ({
  duration,
  ...present({
    startAt: start,
    storageMiB: disk,
    egressGiB: gibibytes(egress),
    ingressGiB: gibibytes(ingress)
  })
})
