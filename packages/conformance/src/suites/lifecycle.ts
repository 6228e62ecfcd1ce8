import { everyCase, type Facts, judge, type Lifecycle, optionalOps, rowFor, statuses, type Verdict } from "@anygpu/core"
import { check, same, show } from "../check.ts"
import { billingStates } from "../common.ts"
import { type Entry, suite } from "../conformance-test.ts"
import { leakOf } from "../secrets.ts"

const test = suite("lifecycle")

const known: ReadonlyArray<string> = ["terminate", ...optionalOps]

/** Operations on one machine, which a status has to allow; the others are the account's. */
const accountOps: ReadonlyArray<string> = ["sshKeys", "addSshKey", "removeSshKey", "balance", "images", "volumes"]

const checkVerdict = (row: Pick<Verdict, "status" | "billing" | "actions">, what: () => string): void => {
  const { status, billing, actions } = row
  check(statuses.includes(status), () => `${what()}: "${status}" is no status`)
  check(billingStates.includes(billing), () => `${what()}: "${billing}" is no billing state`)
  const others = actions.filter((action) => !known.includes(action))
  check(others.length === 0, () => `${what()}: ${others.join(", ")} is no action`)
  if (status === "running") check(billing === "compute", () => `${what()}: running costs compute, not ${billing}`)
  if (status === "terminated") {
    check(billing === "none", () => `${what()}: terminated costs nothing, not ${billing}`)
    check(actions.length === 0, () => `${what()}: terminated has no actions, not ${actions.join(", ")}`)
  }
}

const strange = "a-status-that-nobody-documented"

/** Every documented case with one of its facts undocumented: a row may know what is paid although it knows no status. */
const everyStrangeCase = (lifecycle: Lifecycle<Facts>): ReadonlyArray<Facts> =>
  Object.keys(lifecycle.domain).flatMap((name) =>
    Array.from(everyCase(lifecycle), (facts) => ({ ...facts, [name]: strange }))
  )

/** The table is the same whatever the cloud does. */
const ofTheTable = { anyHabit: true }

/** What a status means: the provider's table, and that machines follow it. */
export const lifecycleSuite: ReadonlyArray<Entry> = [
  test(
    "every row of the table can be reached",
    async ({ provider: { lifecycle } }) => {
      check(lifecycle.rows.length > 0, "the table has no rows")
      const unreached = new Set(lifecycle.rows)
      const reach = (row: (typeof lifecycle.rows)[number] | undefined) => row && unreached.delete(row)
      // A large table has a million cases: the first ones reach most rows.
      for (const facts of everyCase(lifecycle)) {
        if (unreached.size === 0) break
        reach(rowFor(lifecycle, facts))
      }
      for (const facts of unreached.size > 0 ? everyStrangeCase(lifecycle) : []) {
        const row = rowFor(lifecycle, facts)
        if (row?.status === "unknown") reach(row)
      }
      for (const row of unreached) {
        check(false, `the rows above it, or the documented values, leave no case for ${show(row.when)}`)
      }
    },
    ofTheTable
  ),
  test(
    "every row says what is paid and what can be done, and where that is documented",
    async ({ provider }) => {
      for (const row of provider.lifecycle.rows) {
        checkVerdict(row, () => show(row.when))
        check(row.note.trim() && row.source.trim(), `${show(row.when)} has no note or source`)
      }
    },
    ofTheTable
  ),
  test(
    "every documented case has a verdict, and the same one each time",
    async ({ provider: { lifecycle } }) => {
      for (const facts of everyCase(lifecycle)) {
        const verdict = judge(lifecycle, facts)
        checkVerdict(verdict, () => show(facts))
        same(judge(lifecycle, facts), verdict, () => `the second verdict on ${show(facts)}`)
      }
    },
    ofTheTable
  ),
  test(
    "what no row knows is unknown, and can be ended",
    async ({ provider: { lifecycle } }) => {
      const names = Object.keys(lifecycle.domain)
      const facts = Object.fromEntries(names.map((name) => [name, strange]))
      const verdict = judge(lifecycle, facts)
      check(verdict.status === "unknown", `undocumented facts are ${verdict.status}`)
      check(verdict.billing !== "none", "an undocumented status is judged to cost nothing")
      check(verdict.actions.includes("terminate"), "a machine of unknown status cannot be ended")
    },
    ofTheTable
  ),
  test(
    "every action that is declared is legal in some row",
    async ({ provider }) => {
      const legal = new Set(provider.lifecycle.rows.flatMap(({ actions }) => actions))
      check(legal.has("terminate"), "no row lets a machine be ended")
      for (const op of provider.capabilities) {
        if (!accountOps.includes(op))
          check(
            [...legal].some((action) => action === op),
            `no row ever allows ${op}`
          )
      }
    },
    ofTheTable
  ),
  test("a machine becomes ready, with a way in", async (context) => {
    const { endpoints, billing, ref, actions } = await context.ready()
    check(context.truth(ref.id)?.running, `${ref} is not running in truth`)
    same(billing, "compute", "what a running machine costs")
    check(actions.includes("terminate"), "a running machine cannot be ended")
    for (const { command, host, port, user } of endpoints.ssh) {
      check(command.startsWith("ssh ") && command.includes(host), `"${command}" does not lead to ${host}`)
      check(command.includes(user) && port >= 1 && port <= 65535, `"${command}" names no user, or port ${port}`)
    }
    for (const { host, externalPort } of endpoints.ports) {
      check(host.length > 0 && externalPort >= 1 && externalPort <= 65535, `a port leads to ${host}:${externalPort}`)
    }
    for (const url of endpoints.urls) check(URL.canParse(url), `"${url}" is no URL`)
  }),
  test("native status fields are kept, and hold nothing secret", async (context) => {
    const { native, ref } = await context.ready()
    check(Object.keys(native).length > 0, `${ref} shows no native fields`)
    check(leakOf(native, context.secrets()) === null, "native shows a secret")
    JSON.stringify(native)
  }),
  test(
    "a status that nobody documented is unknown, never thrown, and can be ended",
    async (context) => {
      const { ref } = await context.ready()
      await context.control("unknownStatus")(ref.id)
      const { status, actions, native, billing } = await context.get(ref)
      same(status, "unknown", "the status")
      check(billing !== "none", "a machine of unknown status is said to cost nothing")
      check(Object.keys(native).length > 0, "the native status is lost")
      check(actions.includes("terminate"), "it cannot be ended")
      await context.ok(context.provider.terminate(ref))
      check(!context.truth(ref.id)?.alive, "it exists after its end")
    },
    { needs: ["unknownStatus"] }
  ),
  test(
    "a workload that ended by itself is not running",
    async (context) => {
      const { ref } = await context.ready()
      await context.control("exitMachine")(ref.id)
      const { status } = await context.get(ref)
      check(!["running", "starting", "pending", "provisioning"].includes(status), `it is said to be ${status}`)
    },
    { needs: ["exitMachine"] }
  )
]
