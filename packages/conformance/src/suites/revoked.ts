import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { exist } from "../asserts.ts"
import { check, same } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"

const test = suite("a key that is refused in mid-call")

/**
 * A key that was revoked, or a token that expired, while a call was under way.
 *
 * - A 401 comes before anything else: a call that was refused by one did nothing. Where there is another token, it may be
 *   sent again, and is then as if nothing had happened.
 */
export const revokedSuite: ReadonlyArray<Entry> = [
  test(
    "a create that is refused so made nothing: one machine at most, and nothing is left open",
    async (context) => {
      const spec = { ...(await context.spec()), key: "once" }
      context.control("createUnauthorized")()
      const exit = await context.run(context.provider.launch(spec))
      if (Exit.isFailure(exit)) await context.fails(Effect.failCause(exit.cause), "Unauthenticated")
      exist(context, Exit.isSuccess(exit) ? 1 : 0, "after the create was refused")
      const [record] = await context.ok(context.ledger.launches())
      same(record?.state, Exit.isSuccess(exit) ? "created" : "refused", "the launch in the ledger")
      await context.ok(context.provider.launch(spec))
      exist(context, 1, "after the same launch was asked for again")
    },
    { needs: ["createUnauthorized"] }
  ),
  test(
    "reads that are refused so say nothing about a machine",
    async (context) => {
      const { ref } = await context.ready()
      await context.mature()
      const undo = context.control("readsUnauthorized")(Number.POSITIVE_INFINITY)
      await context.fails(context.provider.get(ref), "Unauthenticated")
      await context.fails(context.provider.list(), "Unauthenticated")
      await context.fails(context.provider.terminate(ref))
      undo()
      const { status } = await context.get(ref)
      check(status !== "terminated" || !context.truth(ref.id)?.alive, "it is called gone, and it is there")
      const known = await context.ok(context.ledger.machine(ref))
      check(known?.goneAt == null || !context.truth(ref.id)?.alive, "the ledger calls it gone, and it is there")
    },
    { needs: ["readsUnauthorized"] }
  )
]
