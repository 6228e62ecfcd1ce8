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
    async (bench) => {
      const { ref } = await bench.launch()
      await bench.mature()
      const other = bench.another(bench.stroke("otherAccount")())
      for (const call of [other.provider.get(ref), Effect.asVoid(other.provider.terminate(ref))]) {
        const exit: Exit.Exit<unknown, GpuError> = await other.run<unknown, GpuError>(call)
        await bench.fails(
          Exit.isSuccess(exit) ? Effect.succeed(exit.value) : Effect.failCause(exit.cause),
          "PermissionDenied"
        )
      }
      exist(bench, 1, "after another account was asked to end it")
      const known = await bench.ok(bench.ledger.machine(ref))
      check(known?.goneAt === null, "the ledger says that it is gone")
      await bench.ok(bench.provider.terminate(ref))
      exist(bench, 0, "after its own account ended it")
    },
    { needs: ["otherAccount"] }
  ),
  test(
    "a launch that a dead process left open is settled by its own account only",
    async (bench) => {
      let answered = false
      bench.process.watched.before.settleLaunch = Effect.suspend(() => {
        answered = true
        return Effect.never
      })
      void bench.run(bench.provider.launch(await bench.spec()))
      await until(() => answered, "the moment at which the process dies")
      bench.restart()
      await bench.mature()
      await bench.pass(3_600_000)
      const other = bench.another(bench.stroke("otherAccount")())
      const theirs = await other.run(other.provider.recover())
      check(Exit.isSuccess(theirs), "the other account failed to recover")
      same(
        [theirs.value.adopted.length, theirs.value.absent.length],
        [0, 0],
        "adopted and absent, by the other account"
      )
      const { adopted } = await bench.ok(bench.provider.recover())
      same(
        adopted.map(({ ref }) => ref.id),
        bench.alive().map(({ id }) => id),
        "the machines that its own account adopted"
      )
    },
    { needs: ["otherAccount"] }
  ),
  test(
    "the ledger tells accounts apart, and holds no key",
    async (bench) => {
      await bench.launch()
      const [record] = await bench.ok(bench.ledger.launches())
      const key = bench.stroke("otherAccount")()
      const { account } = bench.another(key).provider
      check(record?.account !== undefined, "the launch does not say on which account it is")
      check(account !== undefined && !account.isOfKey(record.account), "both accounts are taken for one")
      for (const text of [record.account, account.known()]) {
        check(![bench.world.secret, key].some((secret) => text.includes(secret)), `${show(text)} holds a key`)
      }
    },
    { needs: ["otherAccount"] }
  )
]
