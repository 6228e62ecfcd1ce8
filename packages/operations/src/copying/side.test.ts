import { expect, test } from "vitest"
import { copyPlan, remotePathIn } from "./side.ts"

test.each([
  ["trainer:out", { ref: "trainer", path: "out" }],
  ["trainer:", { ref: "trainer", path: "" }],
  ["vast/container/123:/root/a:b", { ref: "vast/container/123", path: "/root/a:b" }],
  ["my trainer:~/x", { ref: "my trainer", path: "~/x" }],
  ["./a:b", null],
  ["/a:b", null],
  ["~/a:b", null],
  ["C:\\work", null],
  ["a.txt", null],
  [":x", null]
])("%s", (text, side) => {
  expect(remotePathIn(text)).toEqual(side)
})

test("the side of the machine gives the direction", () => {
  expect(copyPlan(["a", "b"], "mm:c")).toEqual({ direction: "up", ref: "mm", from: ["a", "b"], to: "c" })
  expect(copyPlan(["mm:a", "mm:b"], "c")).toEqual({ direction: "down", ref: "mm", from: ["a", "b"], to: "c" })
  for (const [from, to] of [
    [["mm:a"], "mm:b"],
    [["a"], "b"],
    [["mm:a", "n:b"], "c"],
    [["mm:a", "b"], "c"]
  ] as const)
    expect(() => copyPlan(from, to)).toThrow(expect.objectContaining({ _tag: "InvalidRequest" }))
})
