import { money, type RunAttempt, type RunRecord } from "@anygpu/core"
import fc from "fast-check"
import { expect, test } from "vitest"
import { goesOn } from "./next.ts"
import type { RunPlan } from "./request.ts"

const plan: RunPlan = {
  ...{ command: "true", name: "run", cwd: "~/work", isKeyOwn: false, upload: null, download: null, checkpoint: null },
  ...{ env: [], keep: false, on: null, durationMillis: 3_600_000, maxTotal: money(6), maxAttempts: 3 },
  ...{ retry: 1, retryOnExit: false, verify: true, graceMillis: 10_000 }
}

const attempt = (number: number, more: Partial<RunAttempt>): RunAttempt => ({
  ...{ number, state: "over", at: 0, ref: "memory/vm/1", job: `r-${number}`, pricePerHour: money(1), startedAt: 1 },
  ...{ out: 0, err: 0, code: null, oomKills: null, end: "lost", endedAt: 60_000, spent: [money(1)], note: null },
  ...more
})

const run = (...attempts: ReadonlyArray<Partial<RunAttempt>>): RunRecord => ({
  ...{ id: "r", key: "k", by: "me", command: "true", at: 0, plan: {}, state: "open", isStopAsked: false, version: 0 },
  attempts: attempts.map((more, index) => attempt(index + 1, more))
})

test.each([
  ["has not begun", run(), {}, true],
  ["lost its machine and has a retry", run({}), {}, true],
  ["has used up its retries", run({}, {}), {}, false],
  ["lost machines before its command began", run({ startedAt: null }, { startedAt: null }, {}), {}, true],
  [
    "has lost as many of these as it may",
    run({ startedAt: null }, { startedAt: null }, { startedAt: null }),
    {},
    false
  ],
  ["ended with 0", run({ end: "exited", code: 0 }), { retryOnExit: true }, false],
  ["ended with another code", run({ end: "exited", code: 1 }), {}, false],
  ["ended with another code and is to try again", run({ end: "exited", code: 1 }), { retryOnExit: true }, true],
  ["was stopped", run({ end: "stopped" }), {}, false],
  ["could not be begun", run({ end: "failed", startedAt: null }), {}, false],
  ["is on a machine that is not its own", run({}), { on: "memory/vm/1" }, false],
  ["has no time left", run({ endedAt: 3_500_000 }), {}, false],
  ["has no money left", run({ spent: [money(6)] }), {}, false],
  ["lost its machine, and somebody asked for its end", { ...run({}), isStopAsked: true }, {}, false]
] as const)("a run that %s", (_, record, more, expected) => {
  expect(goesOn(record, { ...plan, ...more }, 3_600_000)).toBe(expected)
})

test("no run has more attempts than its retries and its tries before the command allow", () => {
  const lost = fc.record({ startedAt: fc.constantFrom(null, 1), spent: fc.constant([]) })
  fc.assert(
    fc.property(fc.nat(4), fc.integer({ min: 1, max: 4 }), fc.infiniteStream(lost), (retry, maxAttempts, next) => {
      const attempts: Array<Partial<RunAttempt>> = []
      const limits = { ...plan, retry, maxAttempts, durationMillis: null }
      while (goesOn(run(...attempts), limits, 0)) attempts.push(next.next().value)
      expect(attempts.filter(({ startedAt }) => startedAt !== null).length).toBeLessThanOrEqual(retry + 1)
      expect(attempts.filter(({ startedAt }) => startedAt === null).length).toBeLessThanOrEqual(maxAttempts)
    })
  )
})
