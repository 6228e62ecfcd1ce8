import type {
  CheckSubject,
  Finding,
  Gpu,
  Instance,
  MachineCheck,
  Offer,
  UnknownCheck,
  Verification,
  VerifyOptions
} from "@anygpu/core"
import type { GpuReading } from "./gpu-reading.ts"
import { checkCount, checkDivision, checkMemory, checkModel } from "./judge-gpu.ts"
import { checkDriver, checkHealth, checkLink, checkPower, checkSlowdown } from "./judge-health.ts"
import { checkCores, checkDisk, checkHostMemory, checkSpeed } from "./judge-host.ts"
import type { Observation } from "./observation.ts"

/** What was rented: an offer, or a machine as its cloud shows it. */
export type OfferFacts =
  | Pick<Offer, "gpu" | "vcpus" | "memoryMiB" | "diskMiB">
  | Pick<Instance, "gpu" | "vcpus" | "memoryMiB" | "storageMiB">

/** How a machine compares with what was offered, and what it says of itself. */
export interface ObservedVerification extends Verification {
  readonly observation: Observation
}

const gravity = { wrong: 0, faulty: 1, slow: 2, note: 3 } as const

const isFinding = (check: MachineCheck): check is Finding => check.verdict !== "ok" && check.verdict !== "unknown"

const isUnknown = (check: MachineCheck): check is UnknownCheck => check.verdict === "unknown"

const essential: ReadonlyArray<CheckSubject> = ["gpu-count", "gpu-model"]

/** Offers without a GPU: it is only of interest whether there is one. */
const checksWithoutGpu = (reading: GpuReading): ReadonlyArray<MachineCheck> => {
  if (reading.state !== "read") return []
  const found = `${reading.gpus.length} GPUs`
  const message = "The offer names no GPU, and the machine shows some"
  return [{ subject: "gpu-count", verdict: "note", message, offered: null, found }]
}

const gpuChecks = (gpu: Gpu | null, reading: GpuReading): ReadonlyArray<MachineCheck> => {
  if (gpu === null) return checksWithoutGpu(reading)
  const count = checkCount(gpu, reading)
  if (reading.state !== "read") {
    const message = "The GPUs could not be read"
    return [count, { subject: "gpu-model", verdict: "unknown", message, offered: gpu.model, found: null }]
  }
  const { gpus } = reading
  return [
    count,
    checkModel(gpu, gpus),
    checkMemory(gpu, gpus),
    checkDivision(gpu, gpus),
    checkHealth(reading),
    checkSlowdown(gpus),
    checkPower(gpus),
    checkLink(gpus),
    checkDriver(reading)
  ]
}

const outcomeOf = (checks: ReadonlyArray<MachineCheck>): Verification["outcome"] => {
  if (checks.some(({ verdict }) => verdict === "wrong" || verdict === "faulty")) return "not-as-offered"
  const isUnclear = checks.some(({ subject, verdict }) => verdict === "unknown" && essential.includes(subject))
  return isUnclear ? "unclear" : "as-offered"
}

/**
 * Compares what a machine says of itself with what was offered.
 *
 * - `only` limits it to some subjects; all of them where it is left out.
 * - Numbers may be a little below the offer: drivers, kernels and file systems keep some, and some clouds count in powers
 *   of ten. GPUs may have 8 percent less memory, machines 12 percent less, disks 15, and a tenth fewer cores.
 */
export const judge = (
  observation: Observation,
  offered: OfferFacts,
  { only }: Pick<VerifyOptions, "only"> = {}
): ObservedVerification => {
  const diskMiB = "diskMiB" in offered ? offered.diskMiB : offered.storageMiB
  const all: ReadonlyArray<MachineCheck | null> = [
    ...gpuChecks(offered.gpu, observation.gpus),
    checkCores(offered.vcpus, observation.cores),
    checkHostMemory(offered.memoryMiB, observation.memoryMiB),
    checkDisk(diskMiB, observation.disk),
    checkSpeed("disk-speed", observation.writeSpeed),
    checkSpeed("download-speed", observation.downloadSpeed)
  ]
  const checks = all.filter((check) => check !== null).filter(({ subject }) => only?.includes(subject) ?? true)
  return {
    outcome: outcomeOf(checks),
    checks,
    findings: checks.filter(isFinding).toSorted((a, b) => gravity[a.verdict] - gravity[b.verdict]),
    unknown: checks.filter(isUnknown),
    observation
  }
}
