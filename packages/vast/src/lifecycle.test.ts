import { everyCase, type Intent, judge, rowFor } from "@anygpu/core"
import { describe, expect, it, test } from "vitest"
import { judged, minute, type Row } from "./lifecycle.test-support.ts"
import { lifecycle } from "./lifecycle.ts"

const allActual = lifecycle.domain.actual

describe("rules in order", () => {
  it.each(allActual)("cur_state unloaded is terminated, whatever actual_status says (%s)", (actual) => {
    const verdict = judged({ actual, intended: "running", cur: "unloaded", next: "unloaded" }, "terminate")
    expect(verdict).toEqual({ status: "terminated", reason: null, billing: "none", actions: [] })
  })

  it.each(allActual)("next_state unloaded is terminating (%s)", (actual) => {
    const verdict = judged({ actual, intended: "stopped", cur: "running", next: "unloaded" })
    expect(verdict).toMatchObject({ status: "terminating", billing: "unknown", actions: ["terminate"] })
  })

  it.each(allActual)(
    "one that we destroyed and that is still there is terminating, however long ago (%s)",
    (actual) => {
      expect(judged({ actual, intended: "running" }, "terminate", 60 * minute).status).toBe("terminating")
    }
  )

  it.each(["offline", "unknown"])("%s is unknown, never failed, terminated or forgotten", (actual) => {
    for (const intended of ["running", "stopped", "frozen", null]) {
      const verdict = judged({ actual, intended })
      expect(verdict).toMatchObject({ status: "unknown", reason: "host-offline" })
      expect(verdict.actions).toContain("terminate")
    }
  })

  it.each(["rebooting", "recycling", "restarting"])("%s is starting", (actual) => {
    for (const intended of ["running", "stopped", null]) expect(judged({ actual, intended }).status).toBe("starting")
  })

  it("frozen, is or wished, is neither running nor stopped", () => {
    for (const intended of lifecycle.domain.intended) {
      expect(judged({ actual: "frozen", intended })).toMatchObject({ status: "unknown", reason: "frozen" })
    }
    for (const actual of [null, "created", "loading", "running", "stopped", "exited", "error"]) {
      expect(judged({ actual, intended: "frozen" })).toMatchObject({ status: "unknown", reason: "frozen" })
    }
  })

  it("a word nobody knows is unknown, whatever else is said, and can be ended", () => {
    for (const intended of ["running", "stopped", null, "hibernated"]) {
      const verdict = judged({ actual: "hibernating", intended })
      expect(verdict).toEqual({ status: "unknown", reason: null, billing: "unknown", actions: ["terminate", "rename"] })
    }
    expect(judged({ actual: "running", intended: "hibernated" }).status).toBe("unknown")
  })
})

describe("ours, beyond what is documented", () => {
  const asked = (row: Row, action: Intent["action"], ago = 2 * minute - 1) => judged(row, action, ago)

  test("a stop that was just asked is stopping while the fields lag, and still charged for what still runs", () => {
    for (const intended of ["running", null]) {
      expect(asked({ actual: "running", intended }, "stop")).toMatchObject({ status: "stopping", billing: "compute" })
      expect(asked({ actual: "loading", intended }, "stop")).toMatchObject({ status: "stopping", billing: "storage" })
      expect(asked({ actual: "running", intended }, "stop", 2 * minute).status).toBe("running")
    }
    expect(asked({ actual: "stopped", intended: "running" }, "stop").status).toBe("stopping")
  })

  test("a start that was just asked is starting while the wish lags", () => {
    for (const actual of [null, "loading", "stopped", "exited"]) {
      expect(asked({ actual, intended: "stopped" }, "start").status).toBe("starting")
    }
  })

  test("a running machine that was just restarted is running: the reboot shows itself", () => {
    expect(asked({ actual: "running", intended: "running" }, "restart").status).toBe("running")
  })

  test("each such row says that it is ours", () => {
    expect(lifecycle.rows.filter(({ note }) => note.startsWith("ours: ")).length).toBe(4)
  })
})

describe("charges per status", () => {
  const bills = (actual: string | null, intended: string | null, more: Partial<Row> = {}, asked?: Intent["action"]) =>
    judged({ actual, intended, ...more }, asked, 5 * minute).billing

  it.each([
    [null, "running", "storage"],
    ["created", "running", "storage"],
    ["loading", "running", "storage"],
    ["running", "running", "compute"],
    ["running", "stopped", "compute"],
    ["running", null, "compute"],
    ["frozen", "running", "compute"],
    ["frozen", "frozen", "compute"],
    ["stopped", "stopped", "storage"],
    ["stopped", "running", "storage"],
    ["scheduling", "running", "storage"],
    ["rebooting", "running", "unknown"],
    ["offline", "running", "none"],
    ["unknown", "running", "unknown"],
    ["error", "running", "storage"]
  ])("%s, wished %s: %s", (actual, intended, billing) => expect(bills(actual, intended)).toBe(billing))

  it("exited costs its disk, whatever it is called", () => {
    for (const cur of ["running", "stopped"]) {
      for (const bid of [true, false]) expect(bills("exited", "running", { cur, bid })).toBe("storage")
    }
  })

  it("a machine on its way out costs what its state costs, and is never called free without Vast saying so", () => {
    const out = allActual.map((actual) => [actual, bills(actual, "running", {}, "terminate")])
    expect(Object.fromEntries(out)).toEqual({
      ...{ null: "storage", created: "storage", loading: "storage", scheduling: "storage" },
      ...{ stopped: "storage", exited: "storage", error: "storage", running: "compute", frozen: "compute" },
      ...{ rebooting: "unknown", recycling: "unknown", restarting: "unknown", unknown: "unknown", offline: "none" }
    })
  })
})

test("every case: total, consistent, and every row is reached", () => {
  const reached = new Set<object>()
  const unknown = new Set<string>()
  const wrong: string[] = []
  let cases = 0
  for (const facts of everyCase(lifecycle)) {
    cases += 1
    const row = rowFor(lifecycle, facts)
    if (row) reached.add(row)
    const { status, billing, actions } = judge(lifecycle, facts)
    const sound =
      (status === "terminated" ? billing === "none" && actions.length === 0 : actions.includes("terminate")) &&
      (status !== "running" || billing === "compute") &&
      (facts.actual !== "running" || status === "terminated" || billing === "compute" || billing === "unknown") &&
      (billing !== "none" || status === "terminated" || facts.actual === "offline") &&
      !(actions.includes("start") && actions.includes("stop"))
    if (!sound) wrong.push(`${JSON.stringify(facts)} is ${status}, ${billing}: ${actions.join()}`)
    if (status === "unknown") unknown.add(row ? `${row.reason}` : `${facts.actual}/${facts.intended}/${facts.cur}`)
  }
  expect(wrong.slice(0, 10)).toEqual([])
  expect(cases).toBe(14 * 4 * 4 * 4 * 2 * 3 * 6 * 2 * 2)
  expect(lifecycle.rows.filter((row) => !reached.has(row)).map(({ note }) => note)).toEqual([])
  expect([...unknown].sort()).toEqual(["exited/running/null", "frozen", "host-offline"])
})
