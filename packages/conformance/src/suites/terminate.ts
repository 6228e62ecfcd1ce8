import { attempt } from "@anygpu/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { exist, refusedUnsent } from "../asserts.ts"
import { check, same } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import { refTo, someRef } from "../refs.ts"
import type { TestContext } from "../test-context.ts"

const test = suite("terminate")

const ends = async (context: TestContext, id: string): Promise<void> => {
  const ref = refTo(context, id)
  const { alreadyGone } = await context.ok(context.provider.terminate(ref))
  check(!context.truth(id)?.alive, `${ref} exists after its end`)
  check(!alreadyGone, `${ref} was there before, and is said to have been gone`)
  same((await context.get(ref)).status, "terminated", "its status afterwards")
}

/** The end of a machine: asked for, looked for, and not believed before it is seen. */
export const terminateSuite: ReadonlyArray<Entry> = [
  test("the machine is gone in truth, and in the ledger", async (context) => {
    const { ref } = await context.ready()
    await ends(context, ref.id)
    exist(context, 0, "in the end")
    const known = await context.ok(context.ledger.machine(ref))
    check(known?.goneAt != null, "the ledger does not know that it is gone")
  }),
  test("a machine that was just launched is ended too", async (context) => {
    const { ref } = await context.launch()
    await ends(context, ref.id)
  }),
  test("only that machine is ended", async (context) => {
    const [one, two] = [await context.launch(), await context.launch()]
    await ends(context, one.ref.id)
    same(
      context.alive().map(({ id }) => id),
      [two.ref.id],
      "what is left"
    )
  }),
  test("a machine that cannot be ended yet is Conflict when asked not to wait, or ended", async (context) => {
    const { ref } = await context.launch()
    const ending = context.provider.terminate(ref, { ifBusy: "fail" })
    const exit = await context.run(ending)
    if (Exit.isFailure(exit)) await context.fails(Effect.failCause(exit.cause), "Conflict")
    same(context.truth(ref.id)?.alive ?? false, Exit.isFailure(exit), "whether it exists")
  }),
  test("volumes that a launch made are deleted where that is asked for, and refused unsent where none are kept", async (context) => {
    const { provider } = context
    const spec = await context.spec()
    if (!provider.deletesVolumes) {
      const { ref } = await context.launch()
      const { feature } = await refusedUnsent(context, provider.terminate(ref, { volumes: "delete" }), "Unsupported")
      same(feature, "volumes", "the feature that the error names")
      return exist(context, 1, "after its end was refused")
    }
    const count = async () => (await context.ok(attempt(provider, "volumes"))).items.length
    const before = await count()
    for (const options of [{}, { volumes: "delete" }] as const) {
      const { ref } = await context.ready({ ...spec, volumes: [{ name: "data", sizeMiB: 20_480 }] })
      const { leftovers } = await context.ok(provider.terminate(ref, options))
      same(await count(), before + 1, "the volumes that are left: that of the first machine, and no other")
      check(leftovers.length > 0, "a volume costs on, and is not named")
    }
  }),
  test("a second end is success", async (context) => {
    const { ref } = await context.ready()
    await ends(context, ref.id)
    await context.ok(context.provider.terminate(ref))
  }),
  test("two ends at once are success", async (context) => {
    const { ref } = await context.ready()
    const both = [context.provider.terminate(ref), context.provider.terminate(ref)]
    await context.ok(Effect.all(both, { concurrency: 2 }))
    exist(context, 0, "in the end")
  }),
  test("a machine that nobody has is success", async (context) => {
    await context.ok(context.provider.terminate(someRef(context)))
  }),
  test(
    "a machine ended outside is success",
    async (context) => {
      const { ref } = await context.ready()
      await context.control("removeOutside")(ref.id)
      await context.ok(context.provider.terminate(ref))
    },
    { needs: ["removeOutside"] }
  ),
  test(
    "a cloud that lies is asked again until the machine is gone",
    async (context) => {
      const { ref } = await context.ready()
      context.control("freezeDestroy")(2)
      await ends(context, ref.id)
    },
    { needs: ["freezeDestroy"] }
  ),
  test(
    "a machine that stays is a Timeout that names it",
    async (context) => {
      const { ref } = await context.ready()
      const undo = context.control("freezeDestroy")(Number.POSITIVE_INFINITY)
      const { leftovers } = await context.fails(context.provider.terminate(ref, { within: "2 minutes" }), "Timeout")
      same(leftovers, [ref], "what the error says is left")
      exist(context, 1, "while the cloud lies")
      check((await context.get(ref)).status !== "terminated", "it is there, and said to be terminated")
      undo()
      await ends(context, ref.id)
    },
    { needs: ["freezeDestroy"] }
  ),
  test(
    "a read that fails is not absence",
    async (context) => {
      const { ref } = await context.ready()
      context.control("freezeDestroy")(Number.POSITIVE_INFINITY)
      context.control("readsFail")(Number.POSITIVE_INFINITY)
      await context.fails(context.provider.terminate(ref, { within: "2 minutes" }))
      exist(context, 1, "while the cloud lies")
    },
    { needs: ["freezeDestroy", "readsFail"] }
  ),
  test(
    "a machine that cannot be read is ended all the same",
    async (context) => {
      const { ref } = await context.ready()
      const undo = context.control("readsFail")(Number.POSITIVE_INFINITY)
      await context.run(context.provider.terminate(ref, { within: "2 minutes" }))
      undo()
      await context.pass(60_000)
      exist(context, 0, "after its end was asked for")
    },
    { needs: ["readsFail"] }
  ),
  test(
    "a stopped machine is ended",
    async (context) => {
      const { ref } = await context.ready()
      await context.ok(attempt(context.provider, "stop", ref))
      await context.reaches(ref, "stopped")
      await ends(context, ref.id)
    },
    { ops: ["stop"] }
  ),
  test(
    "a machine whose workload ended is ended",
    async (context) => {
      const { ref } = await context.ready()
      await context.control("exitMachine")(ref.id)
      await ends(context, ref.id)
    },
    { needs: ["exitMachine"] }
  ),
  test(
    "a machine this library did not launch is ended when asked",
    async (context) => {
      const [id] = await context.control("fillPages")()
      check(id !== undefined, "the control made no machine")
      const before = context.alive().length
      await ends(context, id)
      exist(context, before - 1, "after one was ended")
    },
    { needs: ["fillPages"] }
  )
]
