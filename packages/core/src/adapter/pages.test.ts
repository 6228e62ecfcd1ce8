import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { run } from "./fake-cloud.test-support.ts"
import { allPages, mostPages, type Page } from "./pages.ts"

/** A list whose pages have no end, each after so long. */
const endless = async (page: (number: number) => Partial<Page<number>>, takes: Duration.Input = 0) => {
  let asked = 0
  const list = allPages<number>({
    ...{ provider: "test", cloud: "Test", operation: "list", part: "machines" },
    page: (_, number) =>
      Effect.delay(
        Effect.sync(() => {
          asked = number
          return {
            rows: [[number, number]],
            problems: [],
            next: String(number),
            announces: () => false,
            ...page(number)
          }
        }),
        takes
      )
  })
  const exit = await run(list)
  if (exit._tag === "Failure") throw new Error("the list failed")
  return { asked, listing: exit.value }
}

test("pages without an end are read so far, and the list says that the rest is unknown", async () => {
  const { asked, listing } = await endless(() => ({}))
  expect([asked, listing.items.length, listing.complete]).toEqual([mostPages, mostPages, false])
  expect(listing.problems).toMatchObject([
    {
      part: `page ${mostPages + 1} of the machines`,
      error: { message: expect.stringMatching(/no end after 200 pages/) }
    }
  ])
})

test("slow pages without an end are read for some minutes", async () => {
  const { asked, listing } = await endless(() => ({}), "20 seconds")
  expect([asked, listing.complete]).toEqual([15, false])
  expect(listing.problems[0]?.error.message).toMatch(/no end after 5m/)
})

test("a page that brings nothing new and names another one ends the list", async () => {
  const { asked, listing } = await endless(() => ({ rows: [] }))
  expect([asked, listing.complete]).toEqual([1, false])
})
