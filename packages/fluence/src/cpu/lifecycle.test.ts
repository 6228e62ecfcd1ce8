import { type Action, everyCase, type Intent, judge, rowFor, type Verdict } from "@anygpu/core"
import { expect, it, test } from "vitest"
import { id } from "./cloud.test-support.ts"
import answers from "./fixtures/answers.json" with { type: "json" }
import { cpuFactsOf, cpuLifecycle } from "./lifecycle.ts"
import { Vm } from "./wire.ts"

const judged = (status: string | null | undefined, action?: Intent["action"]): Verdict =>
  judge(
    cpuLifecycle,
    cpuFactsOf(Vm.parse({ id, status }), { intent: action ? { action, at: 0 } : null, now: 86_400_000 })
  )

const up: ReadonlyArray<Action> = ["terminate", "rename", "update"]
const end: ReadonlyArray<Action> = ["terminate"]

/** Every documented word: what it means, what it costs, what may be done; and the same after we asked for its end. */
// biome-ignore format: a table reads best with one row a line
const table: ReadonlyArray<readonly [word: string, Verdict, afterwards: string]> = [
  ["New", { status: "pending", reason: null, billing: "compute", actions: end }, "terminating"],
  ["Launching", { status: "provisioning", reason: null, billing: "compute", actions: end }, "terminating"],
  ["Active", { status: "running", reason: null, billing: "compute", actions: up }, "terminating"],
  ["SmallBalance", { status: "running", reason: "out-of-funds", billing: "compute", actions: up }, "terminating"],
  ["InsufficientFunds", { status: "terminating", reason: "out-of-funds", billing: "unknown", actions: end }, "terminating"],
  ["Terminated", { status: "failed", reason: "ended-by-provider", billing: "none", actions: end }, "terminating"],
  ["Stopped", { status: "terminated", reason: "ended-by-user", billing: "none", actions: [] }, "terminated"]
]

test.each(table)("%s, in every case of its letters", (word, verdict, afterwards) => {
  for (const spelt of [word, word.toUpperCase(), word.toLowerCase(), ` ${word} `]) {
    expect(judged(spelt)).toEqual(verdict)
    expect(judged(spelt, "launch")).toEqual(verdict)
    expect(judged(spelt, "terminate").status).toBe(afterwards)
  }
})

test("the table knows every documented word and no other", () => {
  const words = table.map(([word]) => word.toLowerCase())
  expect(cpuLifecycle.domain.status.filter((word) => word !== null).sort()).toEqual(words.sort())
})

test.each(["Updating", "launched", "Failed", "", null, undefined])("%j is unknown, and can be ended", (word) => {
  expect(judged(word)).toEqual({ status: "unknown", reason: null, billing: "unknown", actions: end })
  expect(judged(word, "terminate").status).toBe("terminating")
})

test("what we deleted is never said to cost nothing while it may go on", () => {
  for (const [word] of table) {
    if (word !== "Stopped" && word !== "Terminated") expect(judged(word, "terminate").billing).toBe("unknown")
  }
})

test("one that its provider ended can be ended for its reserve, before and after we have asked", () => {
  const native = Vm.parse(answers.ended)
  const ended = judge(cpuLifecycle, cpuFactsOf(native, { intent: null, now: 0 }))
  expect(ended).toMatchObject({ status: "failed", reason: "ended-by-provider", billing: "none", actions: end })
  expect(judged("Terminated", "terminate")).toMatchObject({ status: "terminating", billing: "none", actions: end })
})

it("no row is dead, and each says why and where that is documented", () => {
  const used = new Set([...everyCase(cpuLifecycle)].map((facts) => rowFor(cpuLifecycle, facts)))
  for (const row of cpuLifecycle.rows) {
    expect(used.has(row)).toBe(true)
    expect(row.note.length).toBeGreaterThan(10)
    expect(row.source).toMatch(/^Fluence docs/)
    expect(row.actions).not.toContain("start")
  }
})
