import type { EntriesJson, Entry, EntryOf } from "../../src/protocol/index.ts"
import { about } from "./about.ts"
import { errorOf } from "./call.ts"
import { setClock } from "./clock.ts"
import { makeStore, useStore } from "./store.ts"
import { readStream } from "./stream.ts"

/** How the page stands to its server. */
export type Connection = "connecting" | "live" | "lost" | "refused"

/** Whether changes still come in. */
export const connection = makeStore<Connection>("connecting")

/** The live state: the same map, in a new wrapping after each change. */
interface Live {
  readonly entries: ReadonlyMap<string, Entry>
  /** Entries by what they are; made when they are asked for. */
  readonly groups: Map<string, ReadonlyArray<Entry>>
}

const live = makeStore<Live>({ entries: new Map(), groups: new Map() })

/** What changed, for those that announce it; null before: it is new. */
type Heard = (before: Entry | null, after: Entry | null) => void

const listeners = new Set<Heard>()

/** Calls back for each entry that changes after the first state; gives what ends that. */
export const onChange = (heard: Heard): (() => void) => {
  listeners.add(heard)
  return () => {
    listeners.delete(heard)
  }
}

/** Takes an event into the live state. */
const applyEntries = ({ full, at, set, removed }: EntriesJson): void => {
  setClock(at, about.get()?.timeRuns ?? 1)
  const before = live.get().entries
  const entries = new Map(full ? [] : before)
  for (const key of removed) entries.delete(key)
  for (const entry of set) entries.set(entry.key, entry)
  if (!full) {
    for (const heard of listeners) {
      for (const entry of set) heard(before.get(entry.key) ?? null, entry)
      for (const key of removed) heard(before.get(key) ?? null, null)
    }
  }
  live.set({ entries, groups: new Map() })
}

/** The entries of one sort; the same list until something changes. */
export const useEntries = <Is extends Entry["is"]>(is: Is): ReadonlyArray<EntryOf<Is>> => {
  const { entries, groups } = useStore(live)
  let group = groups.get(is)
  if (group === undefined) {
    group = [...entries.values()].filter((entry) => entry.is === is)
    groups.set(is, group)
  }
  // They were chosen by what they are.
  return group as ReadonlyArray<EntryOf<Is>>
}

const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis))

const longest = 15_000

/** Keeps listening for ever: after a break again, from the last event that came, with longer and longer pauses. */
export const listen = async (): Promise<void> => {
  let last: string | null = null
  let wait = 500
  for (;;) {
    try {
      await readStream("live", { headers: last === null ? {} : { "last-event-id": last } }, (event) => {
        if (event.name !== "entries") return
        last = event.id
        wait = 500
        applyEntries(event.data as EntriesJson)
        connection.set("live")
      })
    } catch (thrown) {
      if (errorOf(thrown).tag === "Unauthenticated") return connection.set("refused")
    }
    connection.set("lost")
    await pause(wait)
    wait = Math.min(longest, wait * 2)
  }
}
