import fc from "fast-check"
import { expect, test } from "vitest"
import { z } from "zod"
import { textsAt, unknownFields } from "./unknown-fields.ts"

const row = z.object({ id: z.string(), inner: z.object({ known: z.number().nullish() }).nullish(), any: z.unknown() })

test.each([
  [row, { id: "1", inner: { known: 1, more: 2 }, extra: 3 }, ["inner.more", "extra"]],
  [row, { id: 7, inner: null, any: { what: "ever" } }, []],
  [z.object({ rows: z.array(row).nullable() }), { rows: [{ a: 1 }, { a: 2 }, { b: 3 }] }, ["rows[].a", "rows[].b"]],
  [z.record(z.string(), z.array(row)), { x: [{ a: 1 }], y: [{ a: 1 }] }, [".*[].a"]],
  [z.union([z.string(), row]).transform(String), { id: "1", a: 1 }, ["a"]],
  [z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]), { a: 1, b: 2, c: 3 }, ["c"]],
  [z.union([z.array(row), z.object({ data: z.array(row) })]), { data: [{ a: 1 }] }, ["data[].a"]],
  [z.looseObject({ a: z.string() }), { a: "1", b: 2 }, ["b"]],
  [row, "no row at all", []],
  [z.array(row), null, []]
])("%# finds what the schema does not know", (schema, value, expected) => {
  expect(unknownFields(schema, value)).toEqual(expected)
})

test("what a schema makes of a value holds nothing that it does not know", () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 2 }), fc.string(), (extra, id) => {
      const known = z.object({ ...row.shape, any: z.string().nullish() })
      const parsed = known.parse({ ...extra, id, inner: null, any: null })
      expect(unknownFields(known, parsed)).toEqual([])
      const strange = Object.keys(extra).filter((name) => !(name in known.shape))
      expect(unknownFields(known, { ...extra, id, inner: null, any: null })).toEqual(strange)
    })
  )
})

test("texts are found through lists, each once", () => {
  const value = { rows: [{ s: "a" }, { s: "b" }, { s: "a" }, { s: 1 }, {}, null], one: { s: "c" } }
  expect(textsAt(value, "rows[].s")).toEqual(["a", "b"])
  expect(textsAt(value, "one.s")).toEqual(["c"])
  expect(textsAt([{ s: "x" }], "[].s")).toEqual(["x"])
  expect(textsAt("x", "[].s")).toEqual([])
})
