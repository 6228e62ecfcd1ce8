import { readdirSync } from "node:fs"
import { describe, expect, it, test } from "vitest"
import { documents } from "./index.ts"

describe.each(documents)("document $number, $title", ({ rows }) => {
  const checked = rows.filter(([, { by }]) => by !== "not checked")

  it.each(checked.map(([states, { run }]) => ({ states, run })))("$states", async ({ run }) => {
    await run()
  })

  test("no statement stands twice", () => {
    const states = rows.map(([text]) => text)
    expect(states.toSorted()).toEqual([...new Set(states)].toSorted())
  })
})

test("hardly a statement is not checked", () => {
  const unchecked = documents.flatMap(({ rows }) => rows.filter(([, { by }]) => by === "not checked"))
  expect(unchecked.length).toBeLessThanOrEqual(3)
})

test("every decision that a row names is there", () => {
  const pages = readdirSync(new URL("../../docs/decisions/", import.meta.url)).map((name) => name.slice(0, 4))
  const named = documents.flatMap(({ rows }) => rows.flatMap(([, , decision]) => decision ?? []))
  expect(named.length).toBeGreaterThan(0)
  expect(pages).toEqual(expect.arrayContaining([...new Set(named)]))
})
