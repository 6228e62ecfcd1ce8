import { numberIn } from "./value.ts"

/** The cores that the machine may use, which may be fewer than its host has. Null where it does not tell. */
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

/** A disk: all of it, and what is free, in MiB. */
export interface FoundDisk {
  readonly sizeMiB: number
  readonly freeMiB: number
}

/** The disk of the home folder, in a line of `df -kP`. */
export const diskIn = (text: string): FoundDisk | null => {
  const [, size, free] = /\s(\d+)\s+\d+\s+(\d+)\s+\d+%\s+\/.*$/.exec(text.trimEnd()) ?? []
  if (size === undefined || Number(size) === 0) return null
  return { sizeMiB: Math.round(Number(size) / 1024), freeMiB: Math.round(Number(free) / 1024) }
}

/** The speed of bytes between two moments of `/proc/uptime`, in MiB per second. Null where nothing came, or no time passed. */
export const speedIn = (text: string): number | null => {
  const [, bytes, from, to] = /^bytes (\d+) from (\d+\.\d+) to (\d+\.\d+)$/m.exec(text) ?? []
  const seconds = Number(to) - Number(from)
  return Number(bytes) > 0 && seconds > 0 ? Number(bytes) / 1_048_576 / seconds : null
}
