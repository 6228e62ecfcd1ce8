import type { FollowJson } from "../protocol/index.ts"
import { makeListeners, type OpenChannel } from "./answers.ts"

/** So many lines are kept, for those who come later or are slow. */
const mostLines = 5000

type Lines = FollowJson<"lines">

interface Item {
  readonly number: number
  readonly event: string
  readonly data: object
  readonly lines: number
}

/**
 * The last lines of a log, and what else was said of it.
 *
 * - Who is so slow that lines are gone gets those that are there, which are not `sure` then.
 */
export const makeLines = (): OpenChannel => {
  const { tell, isOver, end, onNews } = makeListeners()
  let items: ReadonlyArray<Item> = []
  let total = 0
  const keep = (item: Item): void => {
    items = [...items, item]
    let lines = items.reduce((sum, one) => sum + one.lines, 0)
    while (lines > mostLines && items.length > 1) {
      lines -= items[0]?.lines ?? 0
      items = items.slice(1)
    }
  }
  return {
    say: (event, data) => {
      total += 1
      const lines = "lines" in data ? data.lines.length : 0
      // What was looked at in vain is of no use to those who come later.
      const isPassing = (item: Item) => item.event === "same" && event === "same"
      items = items.filter((item) => !isPassing(item))
      keep({ number: total, event, data, lines })
      tell()
    },
    end,
    onNews,
    reader: () => {
      let seen = 0
      return {
        isOver,
        next: () => {
          const next = items.find(({ number }) => number > seen)
          if (!next) return null
          const isCut = seen > 0 && next.event === "lines" && next.number > seen + 1 && next === items[0]
          seen = next.number
          const data = isCut ? { ...(next.data as Lines), sure: false } : next.data
          return { event: next.event, data }
        }
      }
    }
  }
}
