import { serverNow } from "./clock.ts"
import { onChange } from "./live.ts"
import { machineOf } from "./machine.ts"
import { makeStore } from "./store.ts"

/** Something that changed while this page was open. */
export interface Seen {
  readonly id: number
  /** Epoch milliseconds by the server's clock. */
  readonly at: number
  readonly name: string
  readonly ref: string
  readonly text: string
}

/** So many are kept. */
const most = 200

/** What changed on machines since this page was opened, the newest first. */
export const changes = makeStore<ReadonlyArray<Seen>>([])

/** Writes down what changes, for as long as the page is open; gives each to `said` too. */
export const recordChanges = (said: (text: string) => void): (() => void) =>
  onChange((before, after) => {
    const entry = after ?? before
    if (entry?.is !== "machine") return
    const machine = machineOf(entry)
    const old = before?.is === "machine" ? machineOf(before) : null
    const text =
      after === null ? "is gone" : old?.status === machine.status ? null : old ? `is ${machine.status}` : "is new"
    if (text === null) return
    const id = (changes.get()[0]?.id ?? 0) + 1
    changes.set([{ id, at: serverNow(), name: machine.name, ref: machine.ref, text }, ...changes.get()].slice(0, most))
    said(`${machine.name} ${text}`)
  })
