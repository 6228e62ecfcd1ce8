import { attempt, InstanceRef, supports } from "@anygpu/core"
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { exist } from "../asserts.ts"
import { check, notApplicable, same } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import type { ControlName } from "../controls.ts"
import { foreignAnswers } from "../foreign-answers.ts"
import type { TestContext } from "../test-context.ts"

const test = suite("terminate")
const always = Number.POSITIVE_INFINITY

/** The end of a machine that nothing has proven is a failure that names it; it is there, and known to be. */
const unproven = async (context: TestContext, ref: InstanceRef, when: string): Promise<void> => {
  const { leftovers } = await context.fails(context.provider.terminate(ref, { within: "1 minute" }))
  same(leftovers, [ref], `what the error says is left, ${when}`)
  exist(context, 1, when)
  const known = await context.ok(context.ledger.machine(ref))
  check(known?.goneAt == null, `${when}: the ledger takes the machine for gone`)
}

/** The machine is ended after all. */
const ends = async (context: TestContext, ref: InstanceRef): Promise<void> => {
  const { alreadyGone } = await context.ok(context.provider.terminate(ref))
  check(!context.truth(ref.id)?.alive, `${ref} exists after its end`)
  check(!alreadyGone, `${ref} was there before, and is said to have been gone`)
}

/** A cloud whose requests to end a machine do nothing, and whose reads find none. */
const denied = (what: string, control: "freezeDestroy" | "endsDeny"): Entry =>
  test(
    `${what}, and reads that find nothing, prove no end while the list shows the machine`,
    async (context) => {
      const { ref } = await context.ready()
      await context.mature()
      const undo = [context.control(control)(always), context.control("readsDeny")(always)]
      await unproven(context, ref, "while the cloud lies")
      for (const stop of undo) stop()
      await ends(context, ref)
    },
    { needs: [control, "readsDeny"] }
  )

/** A further end that is refused; a 500 is sent again by itself, so there are more of them. */
const refused = (status: 400 | 500, times: number): Entry =>
  test(
    `a further end that is refused with ${status} does not end the wait`,
    async (context) => {
      const { ref } = await context.ready()
      context.control("freezeDestroy")(1)
      context.control("endsRefused")(status, times)
      await ends(context, ref)
    },
    { needs: ["freezeDestroy", "endsRefused"] }
  )

const needs: ReadonlyArray<ControlName> = ["unknownStatus", "freezeDestroy"]

/** Ends that are claimed, refused, misunderstood, or asked of the wrong machine. */
export const endSuite: ReadonlyArray<Entry> = [
  denied("a claimed end", "freezeDestroy"),
  denied("words of the cloud that there is nothing to end", "endsDeny"),
  refused(400, 2),
  refused(500, 7),
  test(
    "what is not the cloud's own word about a machine is no end of it",
    async (context) => {
      const { ref } = await context.ready()
      await context.mature()
      for (const [name, answer] of Object.entries(foreignAnswers)) {
        const undo = context.control("endsForeign")(answer, always)
        await unproven(context, ref, name)
        undo()
      }
      await ends(context, ref)
    },
    { needs: ["endsForeign"] }
  ),
  test(
    "a machine in a status that nobody documented, which stays on the list, is a Timeout",
    async (context) => {
      const { ref } = await context.ready()
      await context.control("unknownStatus")(ref.id)
      const undo = context.control("freezeDestroy")(always)
      const { leftovers } = await context.fails(context.provider.terminate(ref, { within: "1 minute" }), "Timeout")
      same(leftovers, [ref], "what the error says is left")
      undo()
      await ends(context, ref)
    },
    { needs }
  ),
  test("a right id under a wrong kind ends, stops and renames nothing", async (context) => {
    const { sibling } = context.world
    if (!sibling) return notApplicable("this cloud has no other kind")
    const { ref } = await context.ready()
    const other = sibling(context.world.secret)
    const wrong = new InstanceRef(other.provider, other.kind, ref.id)
    const calls = [
      other.terminate(wrong),
      ...(["stop", "restart"] as const).flatMap((op) => (supports(other, op) ? [attempt(other, op, wrong)] : [])),
      ...(supports(other, "rename") ? [attempt(other, "rename", wrong, "renamed")] : [])
    ]
    for (const call of calls) {
      const exit = await context.run(call as Effect.Effect<unknown, never>)
      const tag = Exit.isFailure(exit) ? Exit.findErrorOption(exit) : null
      const gone = Exit.isSuccess(exit) && Object(exit.value).alreadyGone === true
      check(gone || tag !== null, "something is said to be done to a machine of another kind")
      same(context.truth(ref.id)?.running, true, "whether the machine runs, after what was asked under another kind")
    }
    check((await context.get(ref)).status === "running", "the machine is not as it was")
    await ends(context, ref)
  })
]
