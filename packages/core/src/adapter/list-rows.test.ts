import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import * as z from "zod"
import { ProviderFault } from "../errors.ts"
import { makeCaller } from "./caller.ts"
import { listRows, type RawPage } from "./list-rows.ts"

const caller = makeCaller({
  provider: "test",
  baseUrl: "https://test.invalid",
  headers: () => ({}),
  secrets: [],
  classify: () => null
})

const listed = (pages: Readonly<Record<string, RawPage>>) => {
  const asked: Array<string | undefined> = []
  const list = listRows(caller, {
    ...{ cloud: "Test", operation: "list", part: "machines", field: "servers", kind: "vm" },
    schema: z.object({ id: z.string(), name: z.string().nullish() }),
    keyOf: ({ id }) => id,
    ask: (next) => {
      asked.push(next)
      const page = pages[next ?? "first"]
      return page
        ? Effect.succeed(page)
        : Effect.fail(new ProviderFault({ message: "the cloud is down", retry: "temporary" }))
    }
  })
  return { asked, list }
}

test("a list without pages is one read, and a row that cannot be read costs itself", async () => {
  const { asked, list } = listed({ first: { rows: [{ id: "1" }, { id: 2 }, { id: "3", name: 4 }] } })
  const { items, complete, problems } = await Effect.runPromise(list)
  expect(items).toMatchObject([{ id: "1" }, { id: "3", name: null }])
  expect(items).toHaveLength(2)
  expect([asked, complete]).toEqual([[undefined], false])
  expect(problems.map(({ part, field }) => field ?? part)).toEqual(["servers[1]", "name"])
})

test("pages are read to the end, each row once", async () => {
  const { asked, list } = listed({
    first: { rows: [{ id: "1" }, { id: "2" }], next: "b" },
    b: { rows: [{ id: "2" }, { id: "3" }], next: "" }
  })
  const { items, complete } = await Effect.runPromise(list)
  expect(items.map(({ id }) => id)).toEqual(["1", "2", "3"])
  expect([asked, complete]).toEqual([[undefined, "b"], true])
})

test("a first page that fails fails the list, a later one makes it incomplete", async () => {
  expect((await Effect.runPromise(Effect.flip(listed({}).list)))._tag).toBe("ProviderFault")
  const { items, complete } = await Effect.runPromise(listed({ first: { rows: [{ id: "1" }], next: "b" } }).list)
  expect([items.length, complete]).toEqual([1, false])
})

test("more rows than were shown are said", async () => {
  const { complete, problems } = await Effect.runPromise(listed({ first: { rows: [{ id: "1" }], total: 3 } }).list)
  expect(complete).toBe(false)
  expect(problems[0]?.error.message).toContain("says that there are more machines than the 1")
})

test("what is no list fails", async () => {
  expect((await Effect.runPromise(Effect.flip(listed({ first: { rows: null } }).list)))._tag).toBe("BadResponse")
})
