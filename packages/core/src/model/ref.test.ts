import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { kinds } from "./kind.ts"
import { InstanceRef, ownRef, parseRef, sameRef, toRef } from "./ref.ts"

const refs = fc
  .tuple(
    fc.string({ minLength: 1 }).filter((text) => !text.includes("/")),
    fc.constantFrom(...kinds),
    fc.string({ minLength: 1 })
  )
  .map(([provider, kind, id]) => new InstanceRef(provider, kind, id))

const problemOf = (text: string) => {
  const parsed = parseRef(text)
  return Result.isFailure(parsed) ? parsed.failure.issues[0] : undefined
}

describe("InstanceRef", () => {
  test("prints, serialises and parses to itself", () => {
    expect(String(new InstanceRef("vast", "container", "123"))).toBe("vast/container/123")
    expect(JSON.stringify({ ref: new InstanceRef("fluence", "cpu-vm", "0xAb") })).toBe('{"ref":"fluence/cpu-vm/0xAb"}')
    fc.assert(
      fc.property(refs, (ref) => {
        const parsed = Result.getOrThrow(parseRef(String(ref)))
        expect(parsed).toBeInstanceOf(InstanceRef)
        expect(sameRef(parsed, ref)).toBe(true)
      })
    )
  })

  test("two are the same only when all parts are", () => {
    const ref = new InstanceRef("vast", "vm", "1")
    expect(sameRef(ref, new InstanceRef("vast", "vm", "1"))).toBe(true)
    for (const other of ["vast/vm/2", "vast/container/1", "huddle/vm/1"]) {
      expect(sameRef(ref, Result.getOrThrow(parseRef(other)))).toBe(false)
    }
  })

  test("an id may hold slashes", () => {
    expect(Result.getOrThrow(parseRef("vast/vm/a/b")).id).toBe("a/b")
  })
})

test.each(["", "123", "vast", "vast/container", "vast/container/", "/container/1", "vast//1"])(
  '"%s" is no ref, and the error shows one',
  (text) => {
    expect(problemOf(text)).toEqual({ path: "ref", problem: expect.stringContaining("vast/container/123") })
  }
)

test("an unknown kind is named, with the known ones", () => {
  expect(problemOf("vast/Container/1")?.problem).toMatch(/"Container".*container, vm, baremetal, cpu-vm/)
})

describe("a ref from outside", () => {
  test("is itself in every form", () => {
    fc.assert(
      fc.property(refs, (ref) => {
        for (const form of [ref, String(ref), { ...ref }]) {
          const read = Result.getOrThrow(ownRef(ref, form))
          expect(read).toBeInstanceOf(InstanceRef)
          expect(sameRef(read, ref)).toBe(true)
        }
      })
    )
  })

  test.each([
    null,
    5,
    {},
    [],
    { ref: "vast/vm/1" },
    { provider: "vast", kind: "vm", id: 1 },
    { provider: "vast", id: "1" }
  ])("is not %j", (value) => expect(Result.isFailure(toRef(value))).toBe(true))

  test("is of the provider and kind that is asked", () => {
    for (const other of ["vast/vm/1", "huddle/container/1"]) {
      expect(Result.isFailure(ownRef({ provider: "vast", kind: "container" }, other))).toBe(true)
    }
  })
})
