import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { createsSince, exist } from "../asserts.ts"
import type { Bench } from "../bench.ts"
import { check, same, show, until } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import type { StrokeName } from "../strokes.ts"

const test = suite("safe launch")

/** How much had been sent when the first launch was in the ledger; key registrations come before that. */
const opensAt = (bench: Bench): { sent: number } => {
  const at = { sent: 0 }
  bench.process.watched.after.openLaunch = Effect.sync(() => {
    at.sent = bench.world.requests().length
    delete bench.process.watched.after.openLaunch
  })
  return at
}

/** The machine was made and the answer is of no use: it is adopted, and nothing is sent twice. */
const adopts = (what: string, stroke: StrokeName & `create${string}After`): Entry =>
  test(
    `${what}: the machine is adopted, and there is one`,
    async (bench) => {
      const spec = await bench.spec()
      const opened = opensAt(bench)
      bench.stroke(stroke)()
      const { ref, marker } = await bench.ok(bench.provider.launch(spec))
      exist(bench, 1, "after the launch")
      check(bench.truth(ref.id)?.alive, `${ref} is not the machine that was made`)
      check(marker !== null && bench.truth(ref.id)?.name?.includes(marker), "the adopted machine has another marker")
      check(createsSince(bench, opened.sent) === 1, "a second create was sent")
      const [record] = await bench.ok(bench.ledger.launches())
      check(record?.state === "created" && record.instanceId === ref.id, `the ledger says ${show(record)}`)
    },
    { needs: [stroke] }
  )

/** Nothing was made and nobody can tell: an error and no machine, or, by the cloud's own idempotency, exactly one. */
const neverBlind = (what: string, stroke: "createLostBefore" | "createFailsBefore"): Entry =>
  test(
    `${what}: nothing is sent again blindly`,
    async (bench) => {
      const spec = await bench.spec()
      const opened = opensAt(bench)
      bench.stroke(stroke)()
      const exit = await bench.run(bench.provider.launch(spec))
      check(
        createsSince(bench, opened.sent) === 1,
        "a second create was sent, which the cloud cannot tell from a new one"
      )
      exist(bench, Exit.isSuccess(exit) ? 1 : 0, Exit.isSuccess(exit) ? "after a launch" : "after a failed launch")
      if (Exit.isFailure(exit)) await bench.fails(Effect.failCause(exit.cause))
    },
    { needs: [stroke] }
  )

/** A launch whose process is frozen at a step of its ledger, while another process launches under the same key. */
const overtakes = (what: string, step: "openLaunch" | "claimLaunch"): Entry =>
  test(`${what}, and another one launches under its key: one machine, and both know it`, async (bench) => {
    const spec = { ...(await bench.spec()), key: "shared" }
    const { promise: thawed, resolve: thaw } = Promise.withResolvers<void>()
    let sentBefore: number | null = null
    bench.process.watched.after[step] = Effect.promise(() => {
      sentBefore ??= bench.world.requests().length
      return thawed
    })
    const frozen = bench.run(bench.provider.launch(spec))
    await until(() => sentBefore !== null, "the moment at which the process freezes")
    const other = bench.another()
    const second = await other.run(other.provider.launch(spec))
    thaw()
    const first = await frozen
    check(Exit.isSuccess(second), "the other process got no machine")
    check(Exit.isSuccess(first), "the frozen process does not know the machine of its key")
    same(first.value.ref, second.value.ref, "the machine of the frozen process")
    exist(bench, 1, "in the end")
    check(createsSince(bench, sentBefore ?? 0) === 1, "the frozen process sent its create, which had been given up")
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
    async (bench) => {
      const spec = await bench.spec()
      bench.stroke("createHangs")()
      const { ref } = await bench.ok(bench.provider.launch(spec))
      exist(bench, 1, "after the launch")
      check(bench.truth(ref.id)?.alive, `${ref} is not the machine that was made`)
    },
    { needs: ["createHangs"] }
  ),
  test(
    "a rate-limited create makes one machine or none",
    async (bench) => {
      const spec = await bench.spec()
      bench.stroke("createLimited")()
      const exit = await bench.run(bench.provider.launch(spec))
      exist(bench, Exit.isSuccess(exit) ? 1 : 0, "after the launch")
      if (Exit.isFailure(exit)) await bench.fails(Effect.failCause(exit.cause), "RateLimited")
    },
    { needs: ["createLimited"] }
  ),
  test(
    "interrupted while the request is under way, it ends what it made",
    async (bench) => {
      const spec = await bench.spec()
      bench.stroke("createHangs")()
      const caller = new AbortController()
      const launching = bench.run(bench.provider.launch(spec), caller.signal)
      await until(() => bench.alive().length > 0, "the machine")
      caller.abort()
      const exit = await launching
      check(Exit.isFailure(exit), "an interrupted launch answered a machine")
      exist(bench, 0, "after an interrupted launch")
    },
    { needs: ["createHangs"] }
  ),
  test(
    "an unreadable cloud after a lost answer is LaunchUnsettled, and recover() adopts",
    async (bench) => {
      const spec = { ...(await bench.spec()), key: "once" }
      let undo = () => {}
      bench.process.watched.after.openLaunch = Effect.sync(() => {
        undo = bench.stroke("readsFail")(Number.POSITIVE_INFINITY)
        delete bench.process.watched.after.openLaunch
      })
      bench.stroke("createLostAfter")()
      const { marker } = await bench.fails(bench.provider.launch(spec), "LaunchUnsettled")
      exist(bench, 1, "after the lost answer")
      check(bench.alive()[0]?.name?.includes(marker), `the error names the marker ${marker}, which no machine has`)
      undo()
      const { adopted } = await bench.ok(bench.provider.recover())
      same(
        adopted.map(({ ref }) => ref.id),
        bench.alive().map(({ id }) => id),
        "the adopted machines"
      )
      const again = await bench.ok(bench.provider.launch(spec))
      same(again.ref, adopted[0]?.ref, "the machine of the same key")
      exist(bench, 1, "in the end")
    },
    { needs: ["createLostAfter", "readsFail"] }
  )
]
