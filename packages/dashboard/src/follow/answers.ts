import type { Reader, StreamEvent } from "../events.ts"
import type { FollowEvent, FollowJson } from "../protocol/index.ts"

/** What is followed, as all who follow it see it. */
export interface Channel {
  /** Reads it from the beginning of what is kept. */
  readonly reader: () => Reader
  readonly onNews: (listener: () => void) => () => void
}

/** A channel that can be written to. */
export interface OpenChannel extends Channel {
  readonly say: <E extends FollowEvent>(event: E, data: FollowJson<E>) => void
  /** Nothing follows. */
  readonly end: () => void
}

/** Those who hear of news, and whether there will be more. */
export const makeListeners = () => {
  const listeners = new Set<() => void>()
  let isOver = false
  const tell = (): void => {
    for (const listener of [...listeners]) listener()
  }
  return {
    tell,
    isOver: () => isOver,
    end: () => {
      isOver = true
      tell()
    },
    onNews: (listener: () => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  }
}

/**
 * The last answer, and what was said since.
 *
 * - Who is slow gets the last answer, and not those before.
 */
export const makeAnswers = (): OpenChannel => {
  const { tell, isOver, end, onNews } = makeListeners()
  const last = new Map<"answer" | "other", StreamEvent & { readonly version: number }>()
  let version = 0
  return {
    say: (event, data) => {
      version += 1
      last.set(event === "answer" ? "answer" : "other", { event, data, version })
      tell()
    },
    end,
    onNews,
    reader: () => {
      let seen = 0
      return {
        isOver,
        next: () => {
          const next = [...last.values()].filter((one) => one.version > seen).sort((a, b) => a.version - b.version)[0]
          seen = next?.version ?? seen
          return next ? { event: next.event, data: next.data } : null
        }
      }
    }
  }
}
