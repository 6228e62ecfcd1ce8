import { describe, expect, test } from "vitest"
import { isNearly } from "./bundle-size.ts"

describe("a page of sizes", () => {
  const page = "| core | 113.3 | 60.2 | 0.0 |"

  test.each([page, "| core | 115.0 | 60.2 | 0.0 |", "| core | 113.3 | 59.1 | 0.1 |"])(
    "is nearly the same within 2 %%: %s",
    (other) => {
      expect(isNearly(page, other)).toBe(true)
      expect(isNearly(other, page)).toBe(true)
    }
  )

  test.each([
    "| core | 117.0 | 60.2 | 0.0 |",
    "| core | 113.3 | 60.2 | 0.3 |",
    "| sdk | 113.3 | 60.2 | 0.0 |",
    "| core | 113.3 | 60.2 |",
    ""
  ])("is another one: %s", (other) => {
    expect(isNearly(page, other)).toBe(false)
    expect(isNearly(other, page)).toBe(false)
  })
})
