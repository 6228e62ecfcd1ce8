import { setTimeout as sleep } from "node:timers/promises"
import type { Cloud, Ledger, PlainClock } from "@anygpu/core"
import { makeGpu } from "anygpu/effect"
import * as Effect from "effect/Effect"
import type { Log } from "./log.ts"

/** A line of a keeper's log. */
export interface Line {
  readonly event: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** A log that can be waited on: nothing is measured, and nothing slept for. */
export const watchedLog = () => {
  const lines: Line[] = []
  const waiting = new Set<() => void>()
  const log: Log = (_, event, fields = {}) => {
    lines.push({ event, fields })
    for (const look of waiting) look()
  }
  /** The first line of an event that is like this. */
  const seen = (event: string, isIt: (line: Line) => boolean = () => true): Promise<Line> =>
    new Promise((resolve) => {
      const look = () => {
        const line = lines.find((one) => one.event === event && isIt(one))
        if (line === undefined) return
        waiting.delete(look)
        resolve(line)
      }
      waiting.add(look)
      look()
    })
  return { log, lines, seen }
}

/** Launches a machine for so many milliseconds, as a process does that is gone afterwards. */
export const launchFor = async (cloud: Cloud, ledger: Ledger, millis: number) => {
  const gpu = makeGpu({ clouds: [cloud], ledger })
  const [offer] = (await Effect.runPromise(gpu.offers({ limit: 1 }))).items
  if (!offer) throw new Error("the cloud has no offer")
  return Effect.runPromise(
    gpu.rent({ offer, name: "train", os: "ubuntu-24.04", ttl: millis } as Parameters<typeof gpu.rent>[0])
  )
}

/** A clock on which what is waited for between two looks at a cloud takes a hundredth of its time. */
export const quickClock: PlainClock = {
  now: Date.now,
  sleep: (millis, signal) => sleep(millis / 100, undefined, signal ? { signal } : {}).then(() => {})
}
