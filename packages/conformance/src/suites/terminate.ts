import { attempt } from "@anygpu/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { exist } from "../asserts.ts"
import type { Bench } from "../bench.ts"
import { check, same } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import { refTo, someRef } from "../refs.ts"

const test = suite("terminate")

const ends = async (bench: Bench, id: string): Promise<void> => {
  const ref = refTo(bench, id)
  const { alreadyGone } = await bench.ok(bench.provider.terminate(ref))
  check(!bench.truth(id)?.alive, `${ref} exists after its end`)
  check(!alreadyGone, `${ref} was there before, and is said to have been gone`)
  same((await bench.get(ref)).status, "terminated", "its status afterwards")
}

/** The end of a machine: asked for, looked for, and not believed before it is seen. */
export const terminateSuite: ReadonlyArray<Entry> = [
  test("the machine is gone in truth, and in the ledger", async (bench) => {
    const { ref } = await bench.ready()
    await ends(bench, ref.id)
    exist(bench, 0, "in the end")
    const known = await bench.ok(bench.ledger.machine(ref))
    check(known?.goneAt != null, "the ledger does not know that it is gone")
  }),
  test("a machine that was just launched is ended too", async (bench) => {
    const { ref } = await bench.launch()
    await ends(bench, ref.id)
  }),
  test("only that machine is ended", async (bench) => {
    const [one, two] = [await bench.launch(), await bench.launch()]
    await ends(bench, one.ref.id)
    same(
      bench.alive().map(({ id }) => id),
      [two.ref.id],
      "what is left"
    )
  }),
  test("a machine that cannot be ended yet is Conflict when asked not to wait, or ended", async (bench) => {
    const { ref } = await bench.launch()
    const ending = bench.provider.terminate(ref, { ifBusy: "fail" })
    const exit = await bench.run(ending)
    if (Exit.isFailure(exit)) await bench.fails(Effect.failCause(exit.cause), "Conflict")
    same(bench.truth(ref.id)?.alive ?? false, Exit.isFailure(exit), "whether it exists")
  }),
  test("a second end is success", async (bench) => {
    const { ref } = await bench.ready()
    await ends(bench, ref.id)
    await bench.ok(bench.provider.terminate(ref))
  }),
  test("two ends at once are success", async (bench) => {
    const { ref } = await bench.ready()
    const both = [bench.provider.terminate(ref), bench.provider.terminate(ref)]
    await bench.ok(Effect.all(both, { concurrency: 2 }))
    exist(bench, 0, "in the end")
  }),
  test("a machine that nobody has is success", async (bench) => {
    await bench.ok(bench.provider.terminate(someRef(bench)))
  }),
  test(
    "a machine ended outside is success",
    async (bench) => {
      const { ref } = await bench.ready()
      await bench.stroke("removeOutside")(ref.id)
      await bench.ok(bench.provider.terminate(ref))
    },
    { needs: ["removeOutside"] }
  ),
  test(
    "a cloud that lies is asked again until the machine is gone",
    async (bench) => {
      const { ref } = await bench.ready()
      bench.stroke("freezeDestroy")(2)
      await ends(bench, ref.id)
    },
    { needs: ["freezeDestroy"] }
  ),
  test(
    "a machine that stays is a Timeout that names it",
    async (bench) => {
      const { ref } = await bench.ready()
      const undo = bench.stroke("freezeDestroy")(Number.POSITIVE_INFINITY)
      const { leftovers } = await bench.fails(bench.provider.terminate(ref, { within: "2 minutes" }), "Timeout")
      same(leftovers, [ref], "what the error says is left")
      exist(bench, 1, "while the cloud lies")
      check((await bench.get(ref)).status !== "terminated", "it is there, and said to be terminated")
      undo()
      await ends(bench, ref.id)
    },
    { needs: ["freezeDestroy"] }
  ),
  test(
    "a read that fails is not absence",
    async (bench) => {
      const { ref } = await bench.ready()
      bench.stroke("freezeDestroy")(Number.POSITIVE_INFINITY)
      bench.stroke("readsFail")(Number.POSITIVE_INFINITY)
      await bench.fails(bench.provider.terminate(ref, { within: "2 minutes" }))
      exist(bench, 1, "while the cloud lies")
    },
    { needs: ["freezeDestroy", "readsFail"] }
  ),
  test(
    "a stopped machine is ended",
    async (bench) => {
      const { ref } = await bench.ready()
      await bench.ok(attempt(bench.provider, "stop", ref))
      await bench.reaches(ref, "stopped")
      await ends(bench, ref.id)
    },
    { ops: ["stop"] }
  ),
  test(
    "a machine whose workload ended is ended",
    async (bench) => {
      const { ref } = await bench.ready()
      await bench.stroke("exitMachine")(ref.id)
      await ends(bench, ref.id)
    },
    { needs: ["exitMachine"] }
  ),
  test(
    "a machine this library did not launch is ended when asked",
    async (bench) => {
      const [id] = await bench.stroke("fillPages")()
      check(id !== undefined, "the stroke made no machine")
      const before = bench.alive().length
      await ends(bench, id)
      exist(bench, before - 1, "after one was ended")
    },
    { needs: ["fillPages"] }
  )
]
