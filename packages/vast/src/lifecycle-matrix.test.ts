import { type Intent, judge } from "@anygpu/core"
import { describe, expect, it, test } from "vitest"
import abandoned from "./fixtures/abandoned-boot.json" with { type: "json" }
import { judged, minute, now, oci, type Row } from "./lifecycle.test-support.ts"
import { factsOf, lifecycle } from "./lifecycle.ts"
import { Instance } from "./wire.ts"

/** What each pair of states means: in words, the payload, what was asked and when, the status. */
type Cell = readonly [name: string, row: Row, status: string, asked?: Intent["action"], ago?: number]

// biome-ignore format: a table reads best with one row a line
const running: ReadonlyArray<Cell> = [
  ["null: provisioning", { actual: null, intended: "running" }, "provisioning"],
  ["null, cur_state stopped right after create: still provisioning", { actual: null, intended: "running", cur: "stopped" }, "provisioning", "launch"],
  ["created: provisioning", { actual: "created", intended: "running" }, "provisioning"],
  ["created, bad msg with OCI runtime create failed: failed", { actual: "created", intended: "running", message: oci }, "failed"],
  ["created, another bad msg: provisioning", { actual: "created", intended: "running", message: "error: pull failed" }, "provisioning"],
  ["loading: starting", { actual: "loading", intended: "running", cur: "running" }, "starting"],
  ["loading: do not look at cur_state", { actual: "loading", intended: "running", cur: "stopped" }, "starting"],
  ["loading after our start of a stopped one: starting", { actual: "loading", intended: "running" }, "starting", "start", 10 * minute],
  ["scheduling: pending", { actual: "scheduling", intended: "running" }, "pending"],
  ["running: running", { actual: "running", intended: "running", cur: "running" }, "running"],
  ["stopped, we asked start recently: starting", { actual: "stopped", intended: "running" }, "starting", "start", 2 * minute - 1],
  ["stopped, start older than two minutes, on demand: pending", { actual: "stopped", intended: "running" }, "pending", "start", 2 * minute],
  ["stopped, start older than two minutes, bid: interrupted", { actual: "stopped", intended: "running", bid: true }, "interrupted", "start", 2 * minute],
  ["stopped, nothing asked, on demand: pending", { actual: "stopped", intended: "running" }, "pending"],
  ["stopped, nothing asked, bid: interrupted", { actual: "stopped", intended: "running", bid: true }, "interrupted"],
  ["exited just after start: starting", { actual: "exited", intended: "running", cur: "running" }, "starting", "start", 2 * minute - 1],
  ["exited just after reboot: starting", { actual: "exited", intended: "running", cur: "running" }, "starting", "restart", 2 * minute - 1],
  ["exited, grace over, cur_state stopped, bid: interrupted", { actual: "exited", intended: "running", cur: "stopped", bid: true }, "interrupted", "start", 2 * minute],
  ["exited, grace over, cur_state stopped, not bid: pending", { actual: "exited", intended: "running", cur: "stopped" }, "pending", "restart", 2 * minute],
  ["exited, grace over, cur_state running: failed", { actual: "exited", intended: "running", cur: "running" }, "failed", "start", 2 * minute],
  ["exited right after launch, cur_state running: failed, there is no older state to lag", { actual: "exited", intended: "running", cur: "running" }, "failed", "launch", 1000],
  ["exited after a launch, cur_state stopped, not bid: failed, it never reaches running", { actual: "exited", intended: "running", cur: "stopped" }, "failed", "launch", 2 * minute],
  ["exited without cur_state is in no cell: unknown", { actual: "exited", intended: "running" }, "unknown"],
  ["error: failed", { actual: "error", intended: "running" }, "failed"]
]

// biome-ignore format: a table reads best with one row a line
const missing: ReadonlyArray<Cell> = [
  ["null: pending", { actual: null, intended: null }, "pending"],
  ["created: provisioning", { actual: "created", intended: null }, "provisioning"],
  ["loading: starting", { actual: "loading", intended: null }, "starting"],
  ["scheduling: pending", { actual: "scheduling", intended: null }, "pending"],
  ["running: running", { actual: "running", intended: null }, "running"],
  ["stopped: stopped", { actual: "stopped", intended: null }, "stopped"],
  ["exited, cur_state stopped: stopped", { actual: "exited", intended: null, cur: "stopped" }, "stopped"],
  ["exited, else: failed", { actual: "exited", intended: null, cur: "running" }, "failed"],
  ["error: failed", { actual: "error", intended: null }, "failed"]
]

// biome-ignore format: a table reads best with one row a line
const stopped: ReadonlyArray<Cell> = [
  ["running: stopping", { actual: "running", intended: "stopped" }, "stopping"],
  ["running, we asked stop: stopping", { actual: "running", intended: "stopped" }, "stopping", "stop", 60 * minute],
  ["loading, we asked stop just under 2 min ago: stopping", { actual: "loading", intended: "stopped" }, "stopping", "stop", 2 * minute - 1],
  ["loading, we asked stop 2 min ago: R1, stopped", { actual: "loading", intended: "stopped" }, "stopped", "stop", 2 * minute],
  ["error: failed", { actual: "error", intended: "stopped" }, "failed"],
  ...[null, "created", "scheduling", "stopped", "exited"].flatMap((actual): Cell[] => [
    [
      `${actual}: R1, we asked stop, whatever the message`,
      { actual, intended: "stopped", message: oci, bid: true },
      "stopped",
      "stop",
      9 * minute
    ],
    [`${actual}: R2, bad msg`, { actual, intended: "stopped", cur: "stopped", message: oci }, "failed"],
    [
      `${actual}: R2, bad msg of a bid`,
      { actual, intended: "stopped", cur: "stopped", message: "traceback", bid: true },
      "failed"
    ],
    [`${actual}: R3, bid`, { actual, intended: "stopped", cur: "stopped", bid: true }, "interrupted"]
  ]),
  ...[null, "created", "loading", "scheduling"].map(
    (actual): Cell => [
      `${actual}: R2, never reached running and is no bid`,
      { actual, intended: "stopped", cur: "stopped" },
      "failed"
    ]
  ),
  ["loading: R3, a bid that never won", { actual: "loading", intended: "stopped", bid: true }, "interrupted"],
  ["stopped: R4, otherwise", { actual: "stopped", intended: "stopped", cur: "stopped" }, "stopped"],
  ["exited: R4, otherwise", { actual: "exited", intended: "stopped", cur: "stopped" }, "stopped", "launch", 60 * minute]
]

const named = (cells: ReadonlyArray<Cell>) => cells.map((cell) => ({ name: cell[0], cell }))

const holds = ({ cell: [, row, status, asked, ago] }: { readonly cell: Cell }) =>
  expect(judged(row, asked, ago).status).toBe(status)

describe("the matrix", () => {
  it.each(named(running))("intended running: $name", holds)
  it.each(named(missing))("intended missing: $name", holds)
  it.each(named(stopped))("intended stopped: $name", holds)

  it("R4 says why, as far as it can be found", () => {
    const row = { actual: "exited", intended: "stopped", cur: "stopped" }
    expect(judged(row).reason).toBe("stopped-outside")
    const ended = judged({ ...row, ends: now / 1000 - 1 })
    expect(ended.reason).toBe("expired")
    expect(ended.actions).not.toContain("start")
    expect(judged({ ...row, ends: now / 1000 - 1 }, "stop", 60 * minute)).toEqual(ended)
  })

  it("reads the captured body of an abandoned boot as failed, with its disk charged until it is destroyed", () => {
    const verdict = judge(lifecycle, factsOf(Instance.parse(abandoned), { intent: null, now: 1_787_722_800_000 }))
    expect(verdict).toMatchObject({ status: "failed", reason: "provisioning-error", billing: "storage" })
    expect(verdict.actions).toEqual(["terminate", "rename"])
  })

  test.each([
    ["error", "bad"],
    ["It Failed", "bad"],
    ["failure", "bad"],
    ["an exception", "bad"],
    ["Traceback (most recent call last)", "bad"],
    ["permission denied", "bad"],
    ["OCI runtime exec", "bad"],
    [oci, "oci"],
    ["success, running nvidia/cuda_11.0.3-devel-ubuntu18.04/ssh", "fine"],
    ["success, running my/error-catcher/ssh", "fine"],
    ["failover image pulled", "fine"],
    ["", "fine"]
  ])("the message %j sounds %s", (status_msg, message) => {
    expect(factsOf(Instance.parse({ id: 1, status_msg }), { intent: null, now }).message).toBe(message)
  })
})
