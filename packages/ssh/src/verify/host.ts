import { numberIn } from "./value.ts"

/** The cores that the machine may use, which may be fewer than its host has. Null where it does not report. */
export const coresIn = (text: string): number | null => {
  const number = (name: string) => numberIn(new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1])
  const [, quota, period] = /^quota (\d+) (\d+) ?$/m.exec(text) ?? []
  const share = quota && Number(period) > 0 ? Number(quota) / Number(period) : null
  const known = [number("nproc") ?? number("processors"), share].filter((count) => count !== null && count > 0)
  return known.length === 0 ? null : Math.min(...known.map(Number))
}

/** More than any machine has: what version 1 of cgroups writes where there is no limit. */
const noLimit = 2 ** 50

/** The memory that the machine may use, in MiB, which may be less than its host has. */
export const memoryIn = (text: string): number | null => {
  const [, kib] = /^MemTotal: +(\d+) kB$/m.exec(text) ?? []
  const [, bytes] = /^limit (\d+)$/m.exec(text) ?? []
  const limit = bytes !== undefined && Number(bytes) < noLimit ? Number(bytes) / 1_048_576 : null
  const known = [kib === undefined ? null : Number(kib) / 1024, limit].filter((size) => size !== null && size > 0)
  return known.length === 0 ? null : Math.round(Math.min(...known.map(Number)))
}

/** The disk of the home folder, in MiB: all of it, and what is free. */
export interface FoundDisk {
  readonly sizeMiB: number
  readonly freeMiB: number
  /** What other disks hold together, which are mounted elsewhere. */
  readonly elsewhereMiB: number
  /** Where they are mounted. */
  readonly mounts: ReadonlyArray<string>
}

interface FileSystem {
  readonly device: string
  readonly sizeMiB: number
  readonly freeMiB: number
  readonly mount: string
}

/** A line of `df -kP`. */
const fileSystemIn = (line: string): ReadonlyArray<FileSystem> => {
  const [, device = "", size, free, mount = ""] = /^(\S.*?)\s+(\d+)\s+\d+\s+(\d+)\s+\d+%\s+(\/.*)$/.exec(line) ?? []
  const inMiB = (kib: string | undefined) => Math.round(Number(kib) / 1024)
  return Number(size) > 0 ? [{ device, sizeMiB: inMiB(size), freeMiB: inMiB(free), mount }] : []
}

/** Where no disk is for files of users: files of the system, and those of its host that a container is shown. */
const ofTheSystem = /^\/(?:boot|dev|etc|proc|run|snap|sys|usr|var\/lib)(?:\/|$)/

/** The disks of a machine: a line of `df -kP` for the home folder, and then its lines for everything. */
export const diskIn = (text: string): FoundDisk | null => {
  const [first = "", ...lines] = text.split("\n")
  const [home] = fileSystemIn(first)
  if (!home) return null
  const others = lines.flatMap(fileSystemIn).filter(({ device, mount }) => {
    const isDisk = device.startsWith("/dev/") && !device.startsWith("/dev/loop")
    return isDisk && device !== home.device && !ofTheSystem.test(mount)
  })
  const distinct = [...new Map(others.map((one) => [one.device, one])).values()]
  const elsewhereMiB = distinct.reduce((sum, { sizeMiB }) => sum + sizeMiB, 0)
  return { sizeMiB: home.sizeMiB, freeMiB: home.freeMiB, elsewhereMiB, mounts: distinct.map(({ mount }) => mount) }
}

/** The speed of bytes between two moments of `/proc/uptime`, in MiB per second. Null where nothing came, or no time passed. */
export const speedIn = (text: string): number | null => {
  const [, bytes, from, to] = /^bytes (\d+) from (\d+\.\d+) to (\d+\.\d+)$/m.exec(text) ?? []
  const seconds = Number(to) - Number(from)
  return Number(bytes) > 0 && seconds > 0 ? Number(bytes) / 1_048_576 / seconds : null
}
