import * as Exit from "effect/Exit"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as z from "zod"
import { cloud, failure, run } from "./fake-cloud.test-support.ts"

describe("rows", () => {
  const row = z.object({ id: z.number(), gpu: z.object({ name: z.string() }).nullish() })
  const at = { part: "instances", operation: "list", kind: "container" } as const

  test("a row without a readable id is a problem; of the others only the field is that cannot be read", async () => {
    const { caller } = cloud([{}])
    const raw = [{ id: 1 }, { id: "x" }, { id: 3, gpu: { name: 4 } }, null, { id: "4" }]
    const exit = await run(caller.rows(row, raw, at))
    const { rows, problems } = Exit.isSuccess(exit) ? exit.value : { rows: [], problems: [] }
    expect(rows.map((one) => JSON.parse(JSON.stringify(one)))).toEqual([{ id: 1 }, { id: 3, gpu: null }, { id: 4 }])
    expect(problems.map(({ part, kind, error }) => [part, kind, "path" in error && error.path])).toEqual([
      ["instances[1]", "container", "instances[1].id"],
      ["instances[3]", "container", "instances[3]"],
      ["gpu of 3", "container", "gpu"]
    ])
    expect(problems[2]).toMatchObject({ id: "3", field: "gpu" })
    expect(problems[0]?.error).toMatchObject({ provider: "vast", operation: "list", kind: "container" })
  })

  test("a long list is decoded as its rows are one by one", async () => {
    const { caller } = cloud([{}])
    const key = fc.constantFrom("id", "gpu", "other", "note")
    const value = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.record({ name: fc.string() }), fc.integer())
    const raw = fc.array(fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.dictionary(key, value)), { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(raw, async (few) => {
        const fresh = () => z.object({ ...row.shape, note: z.string().optional() })
        const many = Array.from({ length: 250 }, (_, index) => few[index % few.length])
        const whole = await run(caller.rows(fresh(), many, at))
        const singly = await Promise.all(few.map((one) => run(caller.rows(fresh(), [one], at))))
        const { rows, native, problems } = Exit.isSuccess(whole) ? whole.value : { rows: [], native: [], problems: [] }
        const alone = singly.map((exit) => (Exit.isSuccess(exit) ? exit.value : { rows: [], native: [], problems: [] }))
        const each = many.map((_, index) => alone[index % few.length] ?? { rows: [], native: [], problems: [] })
        expect(rows).toStrictEqual(each.flatMap((one) => one.rows))
        expect(native).toStrictEqual(each.flatMap((one) => one.native))
        const lost = (of: typeof problems) => of.filter(({ field }) => field === undefined)
        const expected = each.flatMap(({ problems: bad }, index) =>
          lost(bad).map(({ error }) => error.message.replace("[0]", `[${index}]`))
        )
        expect(lost(problems).map(({ error }) => error.message)).toEqual(expected)
      }),
      { numRuns: 25 }
    )
  })

  test("rows that a schema keeps as they are are not copied, and the rows that it refuses are reported as always", async () => {
    const { caller } = cloud([{}])
    const open = z.looseObject({ id: z.number(), name: z.string().nullish(), free: z.boolean().optional() })
    const strange = fc.constantFrom(
      { id: "one" },
      { free: true },
      { id: Number.POSITIVE_INFINITY },
      { name: "a" },
      [],
      null,
      3
    )
    const fine = fc.record({ id: fc.integer(), name: fc.constantFrom("a", null, undefined), more: fc.jsonValue() })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fine, strange)), async (few) => {
        const raw = [...few, ...Array.from({ length: 250 }, (_, id) => ({ id }))]
        const exit = await run(caller.rows(open, raw, at))
        const { rows, native, problems } = Exit.isSuccess(exit) ? exit.value : { rows: [], native: [], problems: [] }
        const accepted = raw.filter((one) => open.safeParse(one).success)
        expect(rows).toStrictEqual(accepted)
        expect(rows.every((one, index) => one === accepted[index] && one === native[index])).toBe(true)
        expect(problems).toHaveLength(raw.length - accepted.length)
      }),
      { numRuns: 25 }
    )
  })

  test.each([
    ["trims", z.looseObject({ id: z.string().trim() }), { id: " a " }, { id: "a" }],
    ["coerces", z.looseObject({ id: z.coerce.number() }), { id: "1" }, { id: 1 }],
    ["has a default", z.looseObject({ id: z.number().default(3) }), {}, { id: 3 }],
    ["has a transform", z.looseObject({ id: z.number() }).transform(({ id }) => ({ id: -id })), { id: 1 }, { id: -1 }],
    ["holds an object", z.looseObject({ gpu: z.object({}) }), { gpu: { name: "a" } }, { gpu: {} }],
    ["cuts what it does not name", z.object({ id: z.number() }), { id: 1, more: 2 }, { id: 1 }]
  ])("a row is what comes out of a schema that %s", async (_, schema, row, expected) => {
    const { caller } = cloud([{}])
    const exit = await run(caller.rows(schema as z.ZodType, Array(250).fill(row), at))
    expect(Exit.isSuccess(exit) && exit.value.rows).toStrictEqual(Array(250).fill(expected))
  })

  test("what is no list fails", async () => {
    const { caller } = cloud([{}])
    const error = await failure(caller.rows(row, { id: 1 }, at))
    expect(error).toMatchObject({ _tag: "BadResponse", path: "instances", provider: "vast" })
  })
})
