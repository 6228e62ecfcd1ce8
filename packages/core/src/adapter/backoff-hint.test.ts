import * as Duration from "effect/Duration"
import { expect, test } from "vitest"
import type { Answer } from "./answer.ts"
import { backoffHint } from "./backoff-hint.ts"

const hint = (answer: Partial<Answer>) =>
  backoffHint({ operation: "list", status: 429, headers: {}, text: "", json: undefined, ...answer }, undefined, 10_000)

test.each<[string, Partial<Answer>, number | undefined]>([
  ["seconds", { headers: { "retry-after": "7" } }, 7],
  ["a date", { headers: { "retry-after": "Thu, 01 Jan 1970 00:00:40 GMT" } }, 30],
  [
    "a date far ahead, by a clock that may be wrong",
    { headers: { "retry-after": "Sun, 04 Jan 1970 00:00:40 GMT" } },
    120
  ],
  [
    "a date far ahead, by the cloud's own clock",
    { headers: { "retry-after": "Thu, 01 Jan 1970 01:00:40 GMT", date: "Thu, 01 Jan 1970 00:00:40 GMT" } },
    3600
  ],
  ["a date gone by", { headers: { "retry-after": "Thu, 01 Jan 1970 00:00:01 GMT" } }, 0],
  ["a number in the body", { json: { retry_after: 3 } }, 3],
  ["a number written as text", { json: { retry_after: "3" } }, 3],
  ["a threshold with spaces", { text: "Threshold = 4.5" }, 4.5],
  ["the longest", { headers: { "retry-after": "2" }, json: { retry_after: 3 }, text: "threshold=1" }, 3],
  ["no number", { headers: { "retry-after": "soon" }, json: { retry_after: -1 }, text: "threshold=1.2.3" }, undefined],
  ["nothing", {}, undefined]
])("%s", (_, answer, seconds) => {
  expect(hint(answer).wait).toEqual(seconds === undefined ? undefined : Duration.seconds(seconds))
})

test("only a threshold is an interval to keep", () => {
  expect(hint({ text: "threshold=4.5" }).interval).toEqual(Duration.seconds(4.5))
  expect(hint({ headers: { "retry-after": "9" } }).interval).toBeUndefined()
})
