import { waitForStatus, waitUntilReady } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { createsSince, exist } from "../asserts.ts"
import { check, same, show, until } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import type { TestContext } from "../test-context.ts"

const test = suite("clock")

const [minute, hour] = [60_000, 3_600_000]

/** How clocks are set in the field: a wrong zone that is mended, a computer that slept, one that woke without a battery. */
const jumps = [
  { set: "5 hours back", by: -5 * hour },
  { set: "8 minutes forward", by: 8 * minute },
  { set: "3 days forward", by: 72 * hour }
] as const

/** Runs something, and sets the wall clock a second later. */
const jumping = async <A>(context: TestContext, by: number, run: () => Promise<A>): Promise<A> => {
  const running = run()
  await context.pass(1000)
  context.jump(by)
  return running
}

/** Sets the wall clock while something that will not come is waited for; it must end in its time all the same. */
const endsInTime = async (context: TestContext, by: number, run: () => Promise<unknown>): Promise<void> => {
  const from = context.world.time.now()
  await jumping(context, by, run)
  const took = context.world.time.now() - from
  check(took >= 2 * minute, `it was given up after ${took / 1000} seconds of the 2 minutes that it was given`)
  check(took <= 5 * minute, `it took ${took / minute} minutes instead of 2`)
}

/** While a create is under way, the clock is set and the key is asked again. */
const asksAgain = async (
  context: TestContext,
  by: number,
  who: "the same process" | "another process"
): Promise<void> => {
  const spec = { ...(await context.spec()), key: "once" }
  const release = context.control("createHeld")()
  let [opened, sentBefore] = [false, 0]
  context.process.watched.after.openLaunch = Effect.sync(() => {
    opened = true
    sentBefore = context.world.requests().length
    delete context.process.watched.after.openLaunch
  })
  // Its failure is seen at the end, as the other's: none may reject while nobody waits for it.
  const first = context.run(context.provider.launch(spec))
  await until(() => opened, "the launch")
  context.jump(by)
  const { run, provider } = who === "the same process" ? context.process : context.another()
  const again = run(provider.launch(spec))
  await context.pass(5000)
  release()
  const made = await first
  const exit = await again
  check(made._tag === "Success", `the launch failed: ${show(made)}`)
  exist(context, 1, "for one key")
  check(createsSince(context, sentBefore) === 1, "a second create was sent for one key")
  check(exit._tag === "Success", `the same key again failed: ${show(exit)}`)
  same(exit.value.ref, made.value.ref, "the machine of the same key")
  // One that was launched besides, and ended again, was paid for too.
  same((await context.ok(context.ledger.launches())).length, 1, "launches in the ledger")
}

const onJump = ({ set, by }: (typeof jumps)[number]): ReadonlyArray<Entry> => [
  test(`set ${set} while a machine boots: it is waited for`, async (context) => {
    const { ref } = await context.launch()
    const ready = await jumping(context, by, () => context.ok(waitUntilReady(context.provider, ref)))
    check(context.truth(ref.id)?.running, `${ref} is ready, and is ${ready.status} in truth`)
  }),
  test(`set ${set} during a wait for what does not come: it ends in its time`, async (context) => {
    const { ref } = await context.ready()
    await endsInTime(context, by, () =>
      context.fails(waitForStatus(context.provider, ref, "pending", { within: 2 * minute }), "Timeout")
    )
  }),
  test(
    `set ${set} during an end: the machine is gone`,
    async (context) => {
      const { ref } = await context.ready()
      context.control("freezeDestroy")(2)
      await jumping(context, by, () => context.ok(context.provider.terminate(ref)))
      exist(context, 0, "after the end")
    },
    { needs: ["freezeDestroy"] }
  ),
  test(
    `set ${set} during an end that does not come: it is a Timeout in its time`,
    async (context) => {
      const { ref } = await context.ready()
      context.control("freezeDestroy")(Number.POSITIVE_INFINITY)
      await endsInTime(context, by, () =>
        context.fails(context.provider.terminate(ref, { within: 2 * minute }), "Timeout")
      )
      exist(context, 1, "while the cloud lies")
    },
    { needs: ["freezeDestroy"] }
  ),
  test(`set ${set} right after a launch: the machine is not taken for gone`, async (context) => {
    const { ref } = await context.launch()
    context.jump(by)
    const { status } = await context.get(ref)
    check(status !== "terminated", `${ref} was made a moment ago, and is said to be ${status}`)
    await context.ok(context.provider.terminate(ref))
    exist(context, 0, "after its end")
  }),
  ...(["the same process", "another process"] as const).map((who) =>
    test(
      `set ${set} while a create is under way: its key, asked by ${who}, is the same launch`,
      (context) => asksAgain(context, by, who),
      { needs: ["createHeld"] }
    )
  )
]

/** The wall clock is set in the midst of something: what takes time takes as long, and nothing is believed too soon. */
export const clockSuite: ReadonlyArray<Entry> = jumps.flatMap(onJump)
