import { attempt, scaleMoney, zero } from "@anygpu/core"
import { refusedUnsent } from "../asserts.ts"
import type { Bench } from "../bench.ts"
import { check } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"

const test = suite("bids")

const interruptible = async (bench: Bench) => {
  const spec = bench.world.spec(await bench.offer({ interruptible: true }))
  const instance = await bench.ready(spec)
  return { instance, spec }
}

/** Machines that are bid for. */
export const bidSuite: ReadonlyArray<Entry> = [
  test(
    "a machine on a bid says that it can be taken away",
    async (bench) => {
      const { instance } = await interruptible(bench)
      check(instance.interruptible, "it is not said to be interruptible")
    },
    { ops: ["changeBid"] }
  ),
  test(
    "a new bid is sent",
    async (bench) => {
      const { instance, spec } = await interruptible(bench)
      const bid = spec.bid ?? spec.offer.price
      check(bid, "the harness's spec for an interruptible offer needs a bid")
      const raised = scaleMoney(bid, 2)
      const sent = await bench.sent(() => bench.ok(attempt(bench.provider, "changeBid", instance.ref, raised)))
      check(sent.filter(({ mutating }) => mutating).length === 1, "one request should change the bid")
    },
    { ops: ["changeBid"] }
  ),
  test(
    "a bid of nothing is InvalidRequest and sends nothing",
    async (bench) => {
      const { instance } = await interruptible(bench)
      await refusedUnsent(bench, attempt(bench.provider, "changeBid", instance.ref, zero()), "InvalidRequest")
    },
    { ops: ["changeBid"] }
  )
]
