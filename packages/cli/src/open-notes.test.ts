import { expect, test } from "vitest"
import { openNotes } from "./open-notes.ts"

test.each([
  [[], []],
  [
    ["a", "b", "a"],
    ["a", "b"]
  ],
  [["no egress given, at $0.005 per GiB"], ["no egress given, at $0.005 per GiB"]],
  [
    [
      "egress at $0.005 per GiB",
      "start",
      "egress at $0.001 per GiB",
      "egress at $0.002 per GiB",
      "ingress at $0.001 per GiB"
    ],
    ["egress at $0.001 to $0.005 per GiB", "start", "ingress at $0.001 per GiB"]
  ],
  [["at 0.5 USDC", "at 1.25 USDC"], ["at 0.5 to 1.25 USDC"]]
])("%j becomes %j", (notes, expected) => {
  expect(openNotes(notes)).toEqual(expected)
})
