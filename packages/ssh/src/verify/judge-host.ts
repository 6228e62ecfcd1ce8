import type { MachineCheck } from "@anygpu/core"
import { checkOf, sizeText } from "./check.ts"
import type { FoundDisk } from "./host.ts"
import type { Speed } from "./observation.ts"

/** Whether there are as many cores as were offered. A tenth less is the way clouds count shares of a host. */
export const checkCores = (offered: number | null, found: number | null): MachineCheck => {
  const check = checkOf("cores", offered === null ? null : String(offered), found === null ? null : String(found))
  if (found === null) return check("unknown", "The machine does not report how many cores it may use")
  if (offered === null) return check("unknown", "The offer does not say how many cores there are")
  return found < offered * 0.9
    ? check("wrong", `The offer has ${offered} cores, and the machine may use ${found}`)
    : check("ok", "There are as many cores as were offered")
}

/** Whether there is as much memory as was offered. A kernel keeps some of it, and some clouds count in powers of ten. */
export const checkHostMemory = (offered: number | null, found: number | null): MachineCheck => {
  const check = checkOf("memory", offered === null ? null : sizeText(offered), found === null ? null : sizeText(found))
  if (found === null) return check("unknown", "The machine does not report how much memory it may use")
  if (offered === null) return check("unknown", "The offer does not say how much memory there is")
  return found < offered * 0.88
    ? check("wrong", `The offer has ${sizeText(offered)} of memory, and the machine may use ${sizeText(found)}`)
    : check("ok", "There is as much memory as was offered")
}

/** Whether the disk is as large as was offered. A file system keeps some of it, and the image of the system lies on it. */
export const checkDisk = (offered: number | null, found: FoundDisk | null): MachineCheck => {
  const words = found && `${sizeText(found.sizeMiB)}, ${sizeText(found.freeMiB)} free`
  const check = checkOf("disk", offered === null ? null : sizeText(offered), words)
  if (found === null) return check("unknown", "The machine does not report how large its disk is")
  if (offered === null) return check("unknown", "The offer does not say how large the disk is")
  const least = offered * 0.85
  if (found.sizeMiB < least && found.sizeMiB + found.elsewhereMiB >= least) {
    const where = found.mounts.join(", ")
    return check("note", `The home folder is on a disk of ${sizeText(found.sizeMiB)}; the rest is mounted on ${where}`)
  }
  if (found.sizeMiB < least) {
    return check(
      "wrong",
      `The offer has a disk of ${sizeText(offered)}, and the machine one of ${sizeText(found.sizeMiB)}`
    )
  }
  return found.freeMiB < offered * 0.5
    ? check("note", `Of the ${sizeText(offered)} that were offered, ${sizeText(found.freeMiB)} are free`)
    : check("ok", "The disk is as large as was offered")
}

/** Below so many MiB per second a disk or a network keeps a GPU waiting. */
const least = { "disk-speed": 100, "download-speed": 5 } as const

const nouns = { "disk-speed": "The disk", "download-speed": "The network" } as const

/** Whether a disk or a network is fast enough to work with; null where it was not asked for. */
export const checkSpeed = (subject: keyof typeof least, speed: Speed): MachineCheck | null => {
  if (speed === "not-asked") return null
  if (speed === "not-measured")
    return checkOf(
      subject,
      null,
      null
    )("unknown", `${nouns[subject]} could not be measured: it failed, or took no measurable time`)
  const words = `${speed < 10 ? speed.toFixed(1) : Math.round(speed)} MiB/s`
  const check = checkOf(subject, null, words)
  return speed < least[subject]
    ? check("slow", `${nouns[subject]} is slow: ${words}, where ${least[subject]} are usual at least`)
    : check("ok", `${nouns[subject]} is fast enough: ${words}`)
}
