import { attempt, supports, waitForStatus, waitUntilReady } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { argumentsFor } from "../arguments.ts"
import { exist } from "../asserts.ts"
import type { Bench } from "../bench.ts"
import { check, notApplicable, same } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import { foreignAnswers } from "../foreign-answers.ts"
import { refTo } from "../refs.ts"

const test = suite("absence")
const always = Number.POSITIVE_INFINITY

/** What changes a machine that runs, other than its end. */
const changes = ["stop", "restart", "rename", "update"] as const

/** A machine that is up, and not merely too new to be shown. */
const grown = async (bench: Bench) => {
  const { ref } = await bench.ready()
  await bench.mature()
  return ref
}

const notGone = async (bench: Bench, ref: Awaited<ReturnType<typeof grown>>, when: string): Promise<void> => {
  const known = await bench.ok(bench.ledger.machine(ref))
  check(known?.goneAt == null, `${when} the ledger takes the machine for gone`)
  check(bench.truth(ref.id)?.alive, `${when} the machine was ended`)
}

/** What is done to the wall clock after an end that was no end. */
const backs = [
  { since: "", by: 0 },
  { since: ", also when the wall clock was set 5 hours back since", by: -18_000_000 }
] as const

/** Reading a machine of which something says that it is not there. */
export const absenceSuite: ReadonlyArray<Entry> = [
  test(
    "a read that finds nothing is no end while the list shows the machine",
    async (bench) => {
      const ref = await grown(bench)
      const undo = bench.stroke("readsDeny")(always)
      const { status, billing } = await bench.get(ref)
      check(status !== "terminated" && billing !== "none", `it is said to be ${status}, and to cost ${billing}`)
      await notGone(bench, ref, "after a read that found nothing")
      undo()
      same((await bench.get(ref)).status, "running", "its status afterwards")
    },
    { needs: ["readsDeny"] }
  ),
  test(
    "a read that finds nothing right after a launch is no end",
    async (bench) => {
      const { ref } = await bench.launch()
      bench.stroke("readsDeny")(1)
      const { status } = await bench.get(ref)
      check(status !== "terminated", "it is said to be terminated")
      await notGone(bench, ref, "after a read that found nothing")
    },
    { needs: ["readsDeny"] }
  ),
  test(
    "a moment in which the cloud shows nothing is no end",
    async (bench) => {
      const ref = await grown(bench)
      const show = bench.stroke("hides")(ref.id)
      const reading = bench.get(ref)
      await bench.pass(1000)
      show()
      same((await reading).status, "running", "its status, when neither a read nor a list had shown it for a second")
      await notGone(bench, ref, "after a moment without it")
    },
    { needs: ["hides"] }
  ),
  test(
    "a wait goes on through reads that find nothing",
    async (bench) => {
      const { ref } = await bench.launch()
      bench.stroke("readsDeny")(2)
      same((await bench.ok(waitUntilReady(bench.provider, ref))).status, "running", "its status in the end")
    },
    { needs: ["readsDeny"] }
  ),
  test(
    "what is not the cloud's own word about a machine is an error of a read, and nothing more",
    async (bench) => {
      const ref = await grown(bench)
      for (const [name, answer] of Object.entries(foreignAnswers)) {
        const undo = bench.stroke("readsForeign")(answer, always)
        const error = await bench.fails(bench.provider.get(ref))
        check(error._tag !== "NotFound", `${name} is taken for a machine that does not exist`)
        undo()
        await notGone(bench, ref, `${name}:`)
      }
      same((await bench.get(ref)).status, "running", "its status afterwards")
    },
    { needs: ["readsForeign"] }
  ),
  test(
    "an action that the cloud answers with no such machine is no word about a machine that is there",
    async (bench) => {
      const { provider } = bench
      const spec = bench.world.specToRename?.(await bench.offer()) ?? (await bench.spec())
      const { ref } = await bench.ok(provider.launch(spec))
      const { actions } = await bench.ok(waitUntilReady(provider, ref))
      const able = changes.filter((op) => supports(provider, op) && actions.includes(op))
      if (able.length === 0) notApplicable("the machine can be changed in no way")
      const undo = bench.stroke("changesDeny")(always)
      for (const op of able) {
        const error = await bench.fails(attempt(provider, op, ...argumentsFor(op, ref, bench.world)))
        check(error._tag !== "NotFound", `a machine that is there does not exist, says ${op}`)
        await notGone(bench, ref, `after a ${op}:`)
      }
      undo()
      const { status } = await bench.get(ref)
      same(status, "running", "its status afterwards")
    },
    { needs: ["changesDeny"] }
  ),
  test(
    "an answer about another machine is BadResponse",
    async (bench) => {
      const [one, two] = [await grown(bench), await grown(bench)]
      const undo = bench.stroke("readsMixedUp")(one.id, two.id)
      await bench.fails(bench.provider.get(one), "BadResponse")
      undo()
      same((await bench.get(one)).ref, one, "the machine afterwards")
      exist(bench, 2, "in the end")
    },
    { needs: ["readsMixedUp"] }
  ),
  test(
    "a create that names another machine adopts its own, by the marker",
    async (bench) => {
      const older = await grown(bench)
      bench.stroke("createNamesOther")(older.id)
      const { ref } = await bench.launch()
      check(ref.id !== older.id, "the machine of an earlier launch was adopted")
      check(bench.truth(ref.id)?.alive && bench.truth(older.id)?.alive, "a machine was ended")
      exist(bench, 2, "after two launches")
      const launches = await bench.ok(bench.ledger.launches({ instanceId: older.id }))
      same(launches.length, 1, "the launches that the older machine is said to be of")
    },
    { needs: ["createNamesOther"] }
  ),
  test(
    "a create that names a machine of somebody else adopts its own, by the marker",
    async (bench) => {
      const spec = await bench.spec()
      const [stranger] = await bench.stroke("fillPages")()
      check(stranger !== undefined, "the stroke made no machine")
      bench.stroke("createNamesOther")(stranger)
      const exit = await bench.run(bench.provider.launch(spec))
      const [record] = await bench.ok(bench.ledger.launches())
      check(record?.instanceId !== stranger, "a machine of somebody else was adopted")
      check(bench.truth(stranger)?.alive, "a machine of somebody else was ended")
      if (exit._tag === "Failure") await bench.fails(Effect.failCause(exit.cause))
    },
    { needs: ["createNamesOther", "fillPages"] }
  ),
  test(
    "a word for its end that nobody documented is settled by the list",
    async (bench) => {
      const ref = await grown(bench)
      bench.stroke("leavesRemains")(ref.id)
      await bench.get(ref)
      await bench.ok(bench.provider.terminate(ref))
      check(!bench.truth(ref.id)?.alive, "it exists after its end")
      same((await bench.get(ref)).status, "terminated", "its status afterwards")
      const waited = await bench.ok(waitForStatus(bench.provider, ref, "terminated"))
      same(waited.billing, "none", "what it costs in the end")
    },
    { needs: ["leavesRemains"] }
  ),
  ...backs.map(({ since, by }) =>
    test(
      `a machine that shows again after its verified end is not gone${since}`,
      async (bench) => {
        const ref = await grown(bench)
        const show = bench.stroke("hides")(ref.id)
        const thaw = bench.stroke("freezeDestroy")(always)
        await bench.ok(bench.provider.terminate(ref))
        check((await bench.ok(bench.ledger.machine(ref)))?.goneAt != null, "its end is not known")
        show()
        thaw()
        await bench.pass(1000)
        bench.jump(by)
        await bench.ok(bench.provider.list())
        await notGone(bench, ref, "seen again,")
        check((await bench.get(ref)).status !== "terminated", "it is there, and said to be terminated")
        const { alreadyGone } = await bench.ok(bench.provider.terminate(refTo(bench, ref.id)))
        check(!alreadyGone && !bench.truth(ref.id)?.alive, "it was not ended again")
      },
      { needs: ["hides", "freezeDestroy"] }
    )
  )
]
