import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { run } from "./fake-cloud.test-support.ts"
import type { Limit } from "./limit.ts"
import { makeLimiter } from "./limiter.ts"
import { allPages, mostPages, type Page } from "./pages.ts"

/** A list whose pages have no end, each after so long, and after a turn where there is a limit. */
const endless = async (page: (number: number) => Partial<Page<number>>, takes: Duration.Input = 0, limit?: Limit) => {
  let asked = 0
  const { turn } = makeLimiter()
  const list = allPages<number>({
    ...{ provider: "test", cloud: "Test", operation: "list", part: "machines" },
    page: (_, number) => {
      const shown = Effect.sync(() => {
        asked = number
        return {
          rows: [[number, number]] as const,
          problems: [],
          next: String(number),
          announces: () => false,
          ...page(number)
        }
      })
      return Effect.andThen(turn("list", limit), takes === 0 ? shown : Effect.delay(shown, takes))
    }
  })
  // Where nothing takes time, no clock has to be moved on.
  const exit = await (takes === 0 && !limit ? Effect.runPromiseExit(list) : run(list))
  if (exit._tag === "Failure") throw new Error("the list failed")
  return { asked, listing: exit.value }
}

test("pages without an end are read so far, and the list says that the rest is unknown", async () => {
  const { asked, listing } = await endless(() => ({}))
  expect([asked, listing.items.length, listing.complete]).toEqual([mostPages, mostPages, false])
  expect(listing.problems).toMatchObject([
    {
      part: `page ${mostPages + 1} of the machines`,
      error: { message: expect.stringMatching(/no end after 2000 pages/) }
    }
  ])
})

test("slow pages without an end are read for some minutes", async () => {
  const { asked, listing } = await endless(() => ({}), "20 seconds")
  expect([asked, listing.complete]).toEqual([15, false])
  expect(listing.problems[0]?.error.message).toMatch(/no end after 5m/)
})

test("10,000 machines at 25 a page, one page a second, are a whole list: the turns are this client's own", async () => {
  const pages = 400
  const page = (number: number) => (number < pages ? {} : { next: undefined })
  const { asked, listing } = await endless(page, "0.1 seconds", { calls: 1, perSeconds: 1 })
  expect([asked, listing.items.length, listing.complete]).toEqual([pages, pages, true])
})

test("pages without an end that wait for turns and are slow are read for some minutes of the cloud's", async () => {
  const { asked, listing } = await endless(() => ({}), "20 seconds", { calls: 1, perSeconds: 60 })
  expect([asked, listing.complete]).toEqual([15, false])
  expect(listing.problems[0]?.error.message).toMatch(/no end after 5m/)
})

test("a page that brings nothing new and names another one ends the list", async () => {
  const { asked, listing } = await endless(() => ({ rows: [] }))
  expect([asked, listing.complete]).toEqual([1, false])
})
