import { answeredWithin, type GpuError } from "@anygpu/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { check } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import { falseAnswers } from "../false-answers.ts"
import { leakOf } from "../secrets.ts"
import type { TestContext } from "../test-context.ts"

const test = suite("failure")

const wrongKey = "another-key-that-no-account-has-9876"

/** What reads the market and the account. */
const reads = ({ provider }: Pick<TestContext, "provider">): ReadonlyArray<Effect.Effect<unknown, GpuError>> => [
  provider.offers(),
  provider.list()
]

/** Failure never looks like an empty market, nor like an empty account. */
export const failureSuite: ReadonlyArray<Entry> = [
  test("a wrong key is its error for offers too, unless the market is open to all", async (context) => {
    const stranger = context.another(wrongKey)
    const exit = await context.run(stranger.provider.offers())
    if (Exit.isSuccess(exit)) {
      const { items, complete } = exit.value
      check(items.length > 0 && complete, "with a wrong key the market is empty, or not whole: it should be an error")
      return
    }
    const error = await context.fails(Effect.failCause(exit.cause), "Unauthenticated", "PermissionDenied")
    check(leakOf(error, [wrongKey]) === null, "the error shows the wrong key, which may be a right one elsewhere")
  }),
  test(
    "a network that is dead is Network, for the market and for the account",
    async (context) => {
      await context.ready()
      context.control("unreachable")()
      for (const read of reads(context)) await context.fails(read, "Network")
    },
    { needs: ["unreachable"] }
  ),
  test(
    "a network that is dead stays Network for somebody who asks again and again",
    async (context) => {
      context.control("unreachable")()
      const { provider, kind } = context.provider
      const place = { provider, kind, operation: "offers", what: "offers" }
      for (const _ of [1, 2, 3, 4]) {
        await context.fails(answeredWithin(context.provider.offers(), "10 seconds", place), "Network")
      }
    },
    { needs: ["unreachable"] }
  ),
  ...Object.entries(falseAnswers).map(([what, falsify]) =>
    test(
      `${what} is an error, never an empty market or account`,
      async (context) => {
        const { ref } = await context.ready()
        const undo = context.control("readsFalse")(falsify)
        for (const read of reads(context)) await context.fails(read)
        undo()
        const { status } = await context.get(ref)
        check(status !== "terminated", `after it a machine that runs on is ${status}`)
      },
      { needs: ["readsFalse"] }
    )
  )
]
