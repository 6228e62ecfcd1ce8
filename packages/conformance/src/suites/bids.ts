import { attempt, scaleMoney, zero } from "@anygpu/core"
import { refusedUnsent } from "../asserts.ts"
import { check } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import type { TestContext } from "../test-context.ts"

const test = suite("bids")

const interruptible = async (context: TestContext) => {
  const spec = context.world.spec(await context.offer({ interruptible: true }))
  const instance = await context.ready(spec)
  return { instance, spec }
}

/** Machines that are bid for. */
export const bidSuite: ReadonlyArray<Entry> = [
  test(
    "a machine on a bid says that it can be taken away",
    async (context) => {
      const { instance } = await interruptible(context)
      check(instance.interruptible, "it is not said to be interruptible")
    },
    { ops: ["changeBid"] }
  ),
  test(
    "a new bid is sent",
    async (context) => {
      const { instance, spec } = await interruptible(context)
      const bid = spec.bid ?? spec.offer.pricePerHour
      check(bid, "the harness's spec for an interruptible offer needs a bid")
      const raised = scaleMoney(bid, 2)
      const sent = await context.sent(() => context.ok(attempt(context.provider, "changeBid", instance.ref, raised)))
      check(sent.filter(({ mutating }) => mutating).length === 1, "one request should change the bid")
    },
    { ops: ["changeBid"] }
  ),
  test(
    "a bid of nothing is InvalidRequest and sends nothing",
    async (context) => {
      const { instance } = await interruptible(context)
      await refusedUnsent(context, attempt(context.provider, "changeBid", instance.ref, zero()), "InvalidRequest")
    },
    { ops: ["changeBid"] }
  )
]
