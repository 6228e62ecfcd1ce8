import type { GpuError } from "@anygpu/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { exist } from "../asserts.ts"
import { check, same, show, until } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"

const test = suite("two accounts on one ledger")

/** A key sees the machines of its own account only: that it does not show one says nothing. */
export const twoAccountsSuite: ReadonlyArray<Entry> = [
  test(
    "the key of another account neither ends a machine nor calls it gone",
    async (context) => {
      const { ref } = await context.launch()
      await context.mature()
      const other = context.another(context.control("otherAccount")())
      for (const call of [other.provider.get(ref), Effect.asVoid(other.provider.terminate(ref))]) {
        const exit: Exit.Exit<unknown, GpuError> = await other.run<unknown, GpuError>(call)
        await context.fails(
          Exit.isSuccess(exit) ? Effect.succeed(exit.value) : Effect.failCause(exit.cause),
          "PermissionDenied"
        )
      }
      exist(context, 1, "after another account was asked to end it")
      const known = await context.ok(context.ledger.machine(ref))
      check(known?.goneAt === null, "the ledger says that it is gone")
      await context.ok(context.provider.terminate(ref))
      exist(context, 0, "after its own account ended it")
    },
    { needs: ["otherAccount"] }
  ),
  test(
    "a launch that a dead process left open is settled by its own account only",
    async (context) => {
      let answered = false
      context.process.watched.before.settleLaunch = Effect.suspend(() => {
        answered = true
        return Effect.never
      })
      void context.run(context.provider.launch(await context.spec()))
      await until(() => answered, "the moment at which the process dies")
      context.restart()
      await context.mature()
      await context.pass(3_600_000)
      const other = context.another(context.control("otherAccount")())
      const theirs = await other.run(other.provider.recover())
      check(Exit.isSuccess(theirs), "the other account failed to recover")
      same(
        [theirs.value.adopted.length, theirs.value.absent.length],
        [0, 0],
        "adopted and absent, by the other account"
      )
      const { adopted } = await context.ok(context.provider.recover())
      same(
        adopted.map(({ ref }) => ref.id),
        context.alive().map(({ id }) => id),
        "the machines that its own account adopted"
      )
    },
    { needs: ["otherAccount"] }
  ),
  test(
    "the ledger keeps accounts apart, and holds no key",
    async (context) => {
      await context.launch()
      const [record] = await context.ok(context.ledger.launches())
      const key = context.control("otherAccount")()
      const { account } = context.another(key).provider
      check(record?.account !== undefined, "the launch does not say on which account it is")
      check(account !== undefined && !account.isOfKey(record.account), "both accounts are taken for one")
      for (const text of [record.account, account.known()]) {
        check(![context.world.secret, key].some((secret) => text.includes(secret)), `${show(text)} holds a key`)
      }
    },
    { needs: ["otherAccount"] }
  )
]
