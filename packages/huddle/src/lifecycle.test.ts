import { everyCase, type Intent, judge, rowFor } from "@anygpu/core"
import fc from "fast-check"
import { describe, expect, it, test } from "vitest"
import { factsOf, lifecycle } from "./lifecycle.ts"
import { Deployment } from "./wire.ts"

const now = Date.UTC(2026, 0, 1, 12)
const minute = 60_000

const judged = (status: string | null | undefined, asked?: Intent["action"], ago = 0) =>
  judge(
    lifecycle,
    factsOf(Deployment.parse({ id: "a", status }), { intent: asked ? { action: asked, at: now - ago } : null, now })
  )

type Line = readonly [
  word: string,
  status: string,
  reason: string | null,
  billing: string,
  actions: ReadonlyArray<string>
]

/** The documented words, and what the documents say of cost and of what can be done. */
// biome-ignore format: a table reads best with one row a line
const words: ReadonlyArray<Line> = [
  ["ordered", "pending", null, "unknown", ["terminate"]],
  ["provisioning", "provisioning", null, "unknown", ["terminate"]],
  ["running", "running", null, "compute", ["stop", "terminate"]],
  ["offline", "stopped", null, "unknown", ["start", "terminate"]],
  ["error", "failed", null, "unknown", ["terminate"]],
  ["deleting", "terminating", null, "unknown", []],
  ["deleted", "terminated", null, "none", []],
  ["failed_no_capacity", "failed", "no-capacity", "none", []]
]

describe("the documented words", () => {
  it.each(words)("%s is %s (%s), billing %s, with %s", (word, status, reason, billing, actions) => {
    for (const asked of [undefined, "launch"] as const) {
      const expected = word === "offline" && asked ? "stopped-outside" : reason
      expect(judged(word, asked)).toEqual({ status, reason: expected, billing, actions })
    }
  })

  it("are all in the table, in any spelling of their case", () => {
    expect(lifecycle.domain.status).toEqual([...words.map(([word]) => word), null])
    for (const [word, status] of words) expect(judged(` ${word.toUpperCase()}`).status).toBe(status)
  })
})

describe("what we asked", () => {
  it.each(["ordered", "provisioning", "running", "offline", "error", "hibernating", null])(
    "one that we deleted and that is %s is terminating, however long ago",
    (word) => {
      const billing = word === "running" ? "compute" : "unknown"
      for (const ago of [0, 600 * minute]) {
        expect(judged(word, "terminate", ago)).toEqual({
          status: "terminating",
          reason: null,
          billing,
          actions: ["terminate"]
        })
      }
    }
  )

  it.each(["deleted", "failed_no_capacity"])(
    "one that we deleted and that is %s costs nothing and is at its end",
    (word) => {
      expect(judged(word, "terminate")).toEqual(judged(word))
    }
  )

  test("a stop that still runs is stopping and billed, and offers no second stop", () => {
    expect(judged("running", "stop")).toMatchObject({ status: "stopping", billing: "compute", actions: ["terminate"] })
    expect(judged("offline", "stop", 90 * minute)).toMatchObject({ status: "stopped", reason: null })
  })

  test("a start that is still offline is starting for as long as a boot takes, then stopped from outside", () => {
    expect(judged("offline", "start", 5 * minute - 1)).toMatchObject({ status: "starting", actions: ["terminate"] })
    expect(judged("offline", "start", 5 * minute)).toMatchObject({ status: "stopped", reason: "stopped-outside" })
    expect(judged("running", "start").status).toBe("running")
  })

  test("stop is legal only while it runs, start only while it is offline", () => {
    for (const facts of everyCase(lifecycle)) {
      const { actions } = judge(lifecycle, facts)
      if (actions.includes("stop")) expect(facts.status).toBe("running")
      if (actions.includes("start")) expect(facts.status).toBe("offline")
    }
  })
})

test("every documented case has a row, every row a case, and only what is gone or never was costs nothing", () => {
  const used = new Set<unknown>()
  for (const facts of everyCase(lifecycle)) {
    const row = rowFor(lifecycle, facts)
    if (facts.status !== null || facts.asked === "terminate") expect(row, JSON.stringify(facts)).toBeDefined()
    used.add(row)
    if (row?.billing === "none") expect(["deleted", "failed_no_capacity"]).toContain(facts.status)
  }
  for (const row of lifecycle.rows) expect(used.has(row), row.note).toBe(true)
})

test("a word that nobody knows is unknown, never gone, never without cost, and can be ended", () => {
  const known = new Set(lifecycle.domain.status)
  fc.assert(
    fc.property(fc.string(), (word) => {
      fc.pre(!known.has(word.trim().toLowerCase() || null))
      expect(judged(word)).toEqual({ status: "unknown", reason: null, billing: "unknown", actions: ["terminate"] })
    })
  )
  for (const word of [undefined, null, ""]) expect(judged(word).status).toBe("unknown")
})
