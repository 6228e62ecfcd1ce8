import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, it, test } from "vitest"
import * as z from "zod"
import { countField, moneyField, portField, secondsField } from "./fields.ts"
import { lenient, readLeniently } from "./lenient.ts"
import { unreadIn } from "./unread.ts"

const Row = z.object({
  id: z.int().positive(),
  label: z.string().nullish(),
  is_bid: z.boolean().nullish(),
  dph_total: moneyField.nullish(),
  end_date: secondsField.nullish(),
  ssh_port: portField.nullish(),
  gpus: countField.nullish(),
  tags: z.array(z.string()).nullish(),
  ports: z
    .union([
      z.record(z.string(), z.array(z.object({ HostPort: z.string().nullish() })).nullish()),
      z.array(z.unknown())
    ])
    .nullish(),
  specs: z.object({ name: z.string(), ram: countField.nullish() }).nullish()
})

const read = (row: unknown) => readLeniently(Row, row, ["id"])
const readable = (row: unknown) => Result.getOrThrow(read(row))
const plain = (row: unknown): unknown => JSON.parse(JSON.stringify(row))

describe("a field that cannot be read", () => {
  it.each([
    [{ label: 12345 }, { label: null }, "label"],
    [{ is_bid: 0 }, { is_bid: null }, "is_bid"],
    [{ end_date: "2026-01-01" }, { end_date: null }, "end_date"],
    [{ end_date: 9.9e12 }, { end_date: null }, "end_date"],
    [{ dph_total: 1e18 }, { dph_total: null }, "dph_total"],
    [{ dph_total: -1 }, { dph_total: null }, "dph_total"],
    [{ ssh_port: 65_536 }, { ssh_port: null }, "ssh_port"],
    [{ gpus: -1 }, { gpus: null }, "gpus"],
    [{ tags: ["a", 5, "b", null] }, { tags: ["a", "b"] }, "tags[1]"],
    [{ ports: { "22/tcp": [null] } }, { ports: { "22/tcp": [] } }, "ports.*[0]"],
    [{ ports: { "22/tcp": [{ HostPort: {} }] } }, { ports: { "22/tcp": [{ HostPort: null }] } }, "ports.*[0].HostPort"],
    [{ ports: 5 }, { ports: null }, "ports"],
    [{ specs: { name: "a", ram: "much" } }, { specs: { name: "a", ram: null } }, "specs.ram"],
    [{ specs: { name: 7, ram: 5 } }, { specs: null }, "specs"]
  ])("%j becomes %j, and is said", (odd, wanted, field) => {
    const row = readable({ id: 1, ...odd })
    expect(plain(row)).toEqual({ id: 1, ...wanted })
    expect(unreadIn(row).map((one) => one.field)).toContain(field)
    expect(unreadIn({ ...row, more: 1 })).toEqual(unreadIn(row))
  })

  it("is said by its types and never by its value", () => {
    const [label, ports] = unreadIn(readable({ id: 1, label: 12345, ports: { "sk-secret": ["sk-secret"] } }))
    expect(label).toEqual({ field: "label", found: "expected string, received number" })
    expect(JSON.stringify([label, ports])).not.toContain("secret")
  })
})

describe("a text that is exactly one number", () => {
  it.each([
    [{ ssh_port: "17001" }, { ssh_port: 17001 }],
    [{ dph_total: "0.41" }, { dph_total: 0.41 }],
    [{ id: "5" }, { id: 5 }]
  ])("%j is read as %j, and is no fault", (odd, wanted) => {
    const row = readable({ id: 1, ...odd })
    expect(row).toStrictEqual({ id: 1, ...wanted })
    expect(unreadIn(row)).toEqual([])
  })

  it.each(["017", "1e3", " 5", "5 ", "0x10", "1,5", "", "NaN", "12345678901234567", "-0.5"])(
    "%j is not a number",
    (text) => {
      expect(readable({ id: 1, gpus: text }).gpus).toBeNull()
    }
  )
})

test.each([{}, { id: null }, { id: "x" }, { id: 1.5 }, { id: 2 ** 53 }, null, 5, [], "row"])(
  "%j has no id that can be read, and is no row",
  (row) => {
    expect(Result.isFailure(read(row))).toBe(true)
  }
)

test("an answer that holds a row is read the same way, and only its id can spoil it", () => {
  const answer = z.object({ instance: lenient(Row).nullable() })
  expect(unreadIn(answer.parse({ instance: { id: 1, label: 5 } }).instance)).toHaveLength(1)
  expect(answer.safeParse({ instance: { label: "a" } }).error?.issues[0]?.path).toEqual(["instance", "id"])
  expect(answer.parse({ instance: null }).instance).toBeNull()
})

test("whatever JSON a field holds, the row is there, the other fields too, and what comes out fits the schema", () => {
  const whole = { id: 1, label: "a", is_bid: true, dph_total: 0.4, end_date: 5, ssh_port: 22, gpus: 2, tags: ["x"] }
  const name = fc.constantFrom(...Object.keys(Row.shape).filter((key) => key !== "id"))
  fc.assert(
    fc.property(name, fc.jsonValue(), (field, value) => {
      const row = readable({ ...whole, [field]: value })
      expect(Row.safeParse(plain(row)).success).toBe(true)
      const others = Object.fromEntries(Object.entries(whole).filter(([key]) => key !== field))
      expect(row).toMatchObject(others)
      const unread = unreadIn(row)
      expect(unread.every((one) => one.field === field || /^[.[]/.test(one.field.slice(field.length)))).toBe(true)
    }),
    { numRuns: 500 }
  )
})
