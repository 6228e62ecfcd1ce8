import { randomUUID } from "node:crypto"
import type { EntriesJson, Entry } from "../protocol/index.ts"

/** What is shown live: entries by their keys, each with the version at which it became what it is. */
export interface LiveState {
  /** Sets entries; one that says the same as before is no news. */
  readonly set: (entries: ReadonlyArray<Entry>) => void
  /** Makes these the only entries of one sort. */
  readonly replace: (is: Entry["is"], entries: ReadonlyArray<Entry>) => void
  /** What is news since the place that `cursor` names: everything for one that is not known here, null for nothing. */
  readonly since: (cursor: string | null, at: string) => { readonly cursor: string; readonly news: EntriesJson } | null
  /** Calls after each change; what it answers ends that. */
  readonly onNews: (listener: () => void) => () => void
}

interface Held {
  readonly entry: Entry
  readonly text: string
  readonly version: number
}

/** So many keys of entries that are gone are remembered, for those who come back. */
const mostGone = 2000

/** What changes with each look though nothing happened is no news by itself. */
const moving: ReadonlySet<string> = new Set(["observedAt", "costAt"])
const textOf = (entry: Entry): string =>
  JSON.stringify(entry, (name, value: unknown) => (moving.has(name) ? undefined : value))

/**
 * A state that many look at, each at his own pace.
 *
 * - A look is a version, and news are what has a later one: who is slow gets the last of several changes. What is kept does
 *   not grow with the lookers.
 */
export const makeLiveState = (): LiveState => {
  const self = randomUUID().slice(0, 8)
  const held = new Map<string, Held>()
  const gone = new Map<string, number>()
  const listeners = new Set<() => void>()
  let version = 0
  /** Of what was gone by then not everything is remembered. */
  let forgotten = -1

  const tell = (): void => {
    for (const listener of [...listeners]) listener()
  }
  const put = (entry: Entry): boolean => {
    const text = textOf(entry)
    if (held.get(entry.key)?.text === text) return false
    held.set(entry.key, { entry, text, version: version + 1 })
    gone.delete(entry.key)
    return true
  }
  const remove = (key: string): void => {
    held.delete(key)
    gone.set(key, version + 1)
    const [oldest] = gone
    if (gone.size <= mostGone || !oldest) return
    gone.delete(oldest[0])
    forgotten = oldest[1]
  }
  const changeBy = (change: () => boolean): void => {
    if (!change()) return
    version += 1
    tell()
  }
  const set = (entries: ReadonlyArray<Entry>): void => changeBy(() => entries.map(put).some((isNews) => isNews))

  return {
    set,
    replace: (is, entries) =>
      changeBy(() => {
        const keys = new Set(entries.map(({ key }) => key))
        const old = [...held.values()].filter(({ entry }) => entry.is === is && !keys.has(entry.key))
        for (const { entry } of old) remove(entry.key)
        return [old.length > 0, ...entries.map(put)].some((isNews) => isNews)
      }),
    since: (cursor, at) => {
      const [of, text] = cursor?.split("-") ?? []
      const from = of === self && /^\d{1,15}$/.test(text ?? "") ? Number(text) : -1
      if (from === version) return null
      const isFull = from <= forgotten || from < 0 || from > version
      const news = [...held.values()].filter((one) => isFull || one.version > from)
      const removed = isFull ? [] : [...gone].flatMap(([key, when]) => (when > from ? [key] : []))
      return { cursor: `${self}-${version}`, news: { full: isFull, at, set: news.map(({ entry }) => entry), removed } }
    },
    onNews: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  }
}
