import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { createsSince, exist } from "../asserts.ts"
import { check, same, show, until } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import type { ControlName } from "../controls.ts"
import type { TestContext } from "../test-context.ts"

const test = suite("safe launch")

/** How much had been sent when the first launch was in the ledger; key registrations come before that. */
const opensAt = (context: TestContext): { sent: number } => {
  const at = { sent: 0 }
  context.process.watched.after.openLaunch = Effect.sync(() => {
    at.sent = context.world.requests().length
    delete context.process.watched.after.openLaunch
  })
  return at
}

/** The machine was made and the answer is of no use: it is adopted, and nothing is sent twice. */
const adopts = (what: string, control: ControlName & `create${string}After`): Entry =>
  test(
    `${what}: the machine is adopted, and there is one`,
    async (context) => {
      const spec = await context.spec()
      const opened = opensAt(context)
      context.control(control)()
      const { ref, marker } = await context.ok(context.provider.launch(spec))
      exist(context, 1, "after the launch")
      check(context.truth(ref.id)?.alive, `${ref} is not the machine that was made`)
      check(marker !== null && context.truth(ref.id)?.name?.includes(marker), "the adopted machine has another marker")
      check(createsSince(context, opened.sent) === 1, "a second create was sent")
      const [record] = await context.ok(context.ledger.launches())
      check(record?.state === "created" && record.instanceId === ref.id, `the ledger says ${show(record)}`)
    },
    { needs: [control] }
  )

/**
 * Nothing was made, and the answer does not say so: an error and no machine, or, by the cloud's own idempotency,
 * exactly one.
 */
const neverBlind = (what: string, control: "createLostBefore" | "createFailsBefore"): Entry =>
  test(
    `${what}: nothing is sent again blindly`,
    async (context) => {
      const spec = await context.spec()
      const opened = opensAt(context)
      context.control(control)()
      const exit = await context.run(context.provider.launch(spec))
      check(
        createsSince(context, opened.sent) === 1,
        "a second create was sent, which the cloud cannot distinguish from a new one"
      )
      exist(context, Exit.isSuccess(exit) ? 1 : 0, Exit.isSuccess(exit) ? "after a launch" : "after a failed launch")
      if (Exit.isFailure(exit)) await context.fails(Effect.failCause(exit.cause))
    },
    { needs: [control] }
  )

/** A launch whose process is frozen at a step of its ledger, while another process launches under the same key. */
const overtakes = (what: string, step: "openLaunch" | "claimLaunch"): Entry =>
  test(`${what}, and another one launches under its key: one machine, and both know it`, async (context) => {
    const spec = { ...(await context.spec()), key: "shared" }
    const { promise: thawed, resolve: thaw } = Promise.withResolvers<void>()
    let sentBefore: number | null = null
    context.process.watched.after[step] = Effect.promise(() => {
      sentBefore ??= context.world.requests().length
      return thawed
    })
    const frozen = context.run(context.provider.launch(spec))
    await until(() => sentBefore !== null, "the moment at which the process freezes")
    const other = context.another()
    const second = await other.run(other.provider.launch(spec))
    thaw()
    const first = await frozen
    check(Exit.isSuccess(second), "the other process got no machine")
    check(Exit.isSuccess(first), "the frozen process does not know the machine of its key")
    same(first.value.ref, second.value.ref, "the machine of the frozen process")
    exist(context, 1, "in the end")
    check(createsSince(context, sentBefore ?? 0) === 1, "the frozen process sent its create, which had been given up")
  })

/** Never pay twice, never lose one: what a launch does when the connection, the cloud or the caller fails. */
export const safeLaunchSuite: ReadonlyArray<Entry> = [
  adopts("answer lost after the effect", "createLostAfter"),
  adopts("500 after the effect", "createFailsAfter"),
  adopts("a web page for an answer", "createHtmlAfter"),
  adopts("an answer cut in the middle", "createCutAfter"),
  neverBlind("request lost before the effect", "createLostBefore"),
  neverBlind("500 without effect", "createFailsBefore"),
  overtakes("frozen after it wrote its launch", "openLaunch"),
  overtakes("frozen after it claimed its launch", "claimLaunch"),
  test(
    "a create that never answers ends by itself, and its machine is adopted",
    async (context) => {
      const spec = await context.spec()
      context.control("createHangs")()
      const { ref } = await context.ok(context.provider.launch(spec))
      exist(context, 1, "after the launch")
      check(context.truth(ref.id)?.alive, `${ref} is not the machine that was made`)
    },
    { needs: ["createHangs"] }
  ),
  test(
    "a rate-limited create makes one machine or none",
    async (context) => {
      const spec = await context.spec()
      context.control("createLimited")()
      const exit = await context.run(context.provider.launch(spec))
      exist(context, Exit.isSuccess(exit) ? 1 : 0, "after the launch")
      if (Exit.isFailure(exit)) await context.fails(Effect.failCause(exit.cause), "RateLimited")
    },
    { needs: ["createLimited"] }
  ),
  test(
    "interrupted while the request is under way, it ends what it made",
    async (context) => {
      const spec = await context.spec()
      context.control("createHangs")()
      const caller = new AbortController()
      const launching = context.run(context.provider.launch(spec), caller.signal)
      await until(() => context.alive().length > 0, "the machine")
      caller.abort()
      const exit = await launching
      check(Exit.isFailure(exit), "an interrupted launch answered a machine")
      exist(context, 0, "after an interrupted launch")
    },
    { needs: ["createHangs"] }
  ),
  test(
    "an unreadable cloud after a lost answer is LaunchUnsettled, and recover() adopts",
    async (context) => {
      const spec = { ...(await context.spec()), key: "once" }
      let undo = () => {}
      context.process.watched.after.openLaunch = Effect.sync(() => {
        undo = context.control("readsFail")(Number.POSITIVE_INFINITY)
        delete context.process.watched.after.openLaunch
      })
      context.control("createLostAfter")()
      const { marker } = await context.fails(context.provider.launch(spec), "LaunchUnsettled")
      exist(context, 1, "after the lost answer")
      check(context.alive()[0]?.name?.includes(marker), `the error names the marker ${marker}, which no machine has`)
      undo()
      const { adopted } = await context.ok(context.provider.recover())
      same(
        adopted.map(({ ref }) => ref.id),
        context.alive().map(({ id }) => id),
        "the adopted machines"
      )
      const again = await context.ok(context.provider.launch(spec))
      same(again.ref, adopted[0]?.ref, "the machine of the same key")
      exist(context, 1, "in the end")
    },
    { needs: ["createLostAfter", "readsFail"] }
  )
]
