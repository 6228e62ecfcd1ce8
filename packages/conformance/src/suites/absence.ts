import { attempt, supports, waitForStatus, waitUntilReady } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { argumentsFor } from "../arguments.ts"
import { exist } from "../asserts.ts"
import { check, notApplicable, same } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import { foreignAnswers } from "../foreign-answers.ts"
import { refTo } from "../refs.ts"
import type { TestContext } from "../test-context.ts"

const test = suite("absence")
const always = Number.POSITIVE_INFINITY

/** What changes a machine that runs, other than its end. */
const changes = ["stop", "restart", "rename", "update"] as const

/** A machine that is up, and not merely too new to be shown. */
const grown = async (context: TestContext) => {
  const { ref } = await context.ready()
  await context.mature()
  return ref
}

const notGone = async (context: TestContext, ref: Awaited<ReturnType<typeof grown>>, when: string): Promise<void> => {
  const known = await context.ok(context.ledger.machine(ref))
  check(known?.goneAt == null, `${when} the ledger takes the machine for gone`)
  check(context.truth(ref.id)?.alive, `${when} the machine was ended`)
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
    async (context) => {
      const ref = await grown(context)
      const undo = context.control("readsDeny")(always)
      const { status, billing } = await context.get(ref)
      check(status !== "terminated" && billing !== "none", `it is said to be ${status}, and to cost ${billing}`)
      await notGone(context, ref, "after a read that found nothing")
      undo()
      same((await context.get(ref)).status, "running", "its status afterwards")
    },
    { needs: ["readsDeny"] }
  ),
  test(
    "a read that finds nothing right after a launch is no end",
    async (context) => {
      const { ref } = await context.launch()
      context.control("readsDeny")(1)
      const { status } = await context.get(ref)
      check(status !== "terminated", "it is said to be terminated")
      await notGone(context, ref, "after a read that found nothing")
    },
    { needs: ["readsDeny"] }
  ),
  test(
    "a moment in which the cloud shows nothing is no end",
    async (context) => {
      const ref = await grown(context)
      const show = context.control("hides")(ref.id)
      const reading = context.get(ref)
      await context.pass(1000)
      show()
      same((await reading).status, "running", "its status, when neither a read nor a list had shown it for a second")
      await notGone(context, ref, "after a moment without it")
    },
    { needs: ["hides"] }
  ),
  test(
    "a wait goes on through reads that find nothing",
    async (context) => {
      const { ref } = await context.launch()
      context.control("readsDeny")(2)
      same((await context.ok(waitUntilReady(context.provider, ref))).status, "running", "its status in the end")
    },
    { needs: ["readsDeny"] }
  ),
  test(
    "what is not the cloud's own word about a machine is an error of a read, and nothing more",
    async (context) => {
      const ref = await grown(context)
      for (const [name, answer] of Object.entries(foreignAnswers)) {
        const undo = context.control("readsForeign")(answer, always)
        const error = await context.fails(context.provider.get(ref))
        check(error._tag !== "NotFound", `${name} is taken for a machine that does not exist`)
        undo()
        await notGone(context, ref, `${name}:`)
      }
      same((await context.get(ref)).status, "running", "its status afterwards")
    },
    { needs: ["readsForeign"] }
  ),
  test(
    "an action that the cloud answers with no such machine is no word about a machine that is there",
    async (context) => {
      const { provider } = context
      const spec = context.world.specToRename?.(await context.offer()) ?? (await context.spec())
      const { ref } = await context.ok(provider.launch(spec))
      const { actions } = await context.ok(waitUntilReady(provider, ref))
      const able = changes.filter((op) => supports(provider, op) && actions.includes(op))
      if (able.length === 0) notApplicable("the machine can be changed in no way")
      const undo = context.control("changesDeny")(always)
      for (const op of able) {
        const error = await context.fails(attempt(provider, op, ...argumentsFor(op, ref, context.world)))
        check(error._tag !== "NotFound", `a machine that is there does not exist, says ${op}`)
        await notGone(context, ref, `after a ${op}:`)
      }
      undo()
      const { status } = await context.get(ref)
      same(status, "running", "its status afterwards")
    },
    { needs: ["changesDeny"] }
  ),
  test(
    "an answer about another machine is BadResponse",
    async (context) => {
      const [one, two] = [await grown(context), await grown(context)]
      const undo = context.control("readsMixedUp")(one.id, two.id)
      await context.fails(context.provider.get(one), "BadResponse")
      undo()
      same((await context.get(one)).ref, one, "the machine afterwards")
      exist(context, 2, "in the end")
    },
    { needs: ["readsMixedUp"] }
  ),
  test(
    "a create that names another machine adopts its own, by the marker",
    async (context) => {
      const older = await grown(context)
      context.control("createNamesOther")(older.id)
      const { ref } = await context.launch()
      check(ref.id !== older.id, "the machine of an earlier launch was adopted")
      check(context.truth(ref.id)?.alive && context.truth(older.id)?.alive, "a machine was ended")
      exist(context, 2, "after two launches")
      const launches = await context.ok(context.ledger.launches({ instanceId: older.id }))
      same(launches.length, 1, "the launches that the older machine is said to be of")
    },
    { needs: ["createNamesOther"] }
  ),
  test(
    "a create that names a machine of somebody else adopts its own, by the marker",
    async (context) => {
      const spec = await context.spec()
      const [stranger] = await context.control("fillPages")()
      check(stranger !== undefined, "the control made no machine")
      context.control("createNamesOther")(stranger)
      const exit = await context.run(context.provider.launch(spec))
      const [record] = await context.ok(context.ledger.launches())
      check(record?.instanceId !== stranger, "a machine of somebody else was adopted")
      check(context.truth(stranger)?.alive, "a machine of somebody else was ended")
      if (exit._tag === "Failure") await context.fails(Effect.failCause(exit.cause))
    },
    { needs: ["createNamesOther", "fillPages"] }
  ),
  test(
    "a word for its end that nobody documented is settled by the list",
    async (context) => {
      const ref = await grown(context)
      context.control("leavesRemains")(ref.id)
      await context.get(ref)
      await context.ok(context.provider.terminate(ref))
      check(!context.truth(ref.id)?.alive, "it exists after its end")
      same((await context.get(ref)).status, "terminated", "its status afterwards")
      const waited = await context.ok(waitForStatus(context.provider, ref, "terminated"))
      same(waited.billing, "none", "what it costs in the end")
    },
    { needs: ["leavesRemains"] }
  ),
  ...backs.map(({ since, by }) =>
    test(
      `a machine that shows again after its verified end is not gone${since}`,
      async (context) => {
        const ref = await grown(context)
        const show = context.control("hides")(ref.id)
        const thaw = context.control("freezeDestroy")(always)
        await context.ok(context.provider.terminate(ref))
        check((await context.ok(context.ledger.machine(ref)))?.goneAt != null, "its end is not known")
        show()
        thaw()
        await context.pass(1000)
        context.jump(by)
        await context.ok(context.provider.list())
        await notGone(context, ref, "seen again,")
        check((await context.get(ref)).status !== "terminated", "it is there, and said to be terminated")
        const { alreadyGone } = await context.ok(context.provider.terminate(refTo(context, ref.id)))
        check(!alreadyGone && !context.truth(ref.id)?.alive, "it was not ended again")
      },
      { needs: ["hides", "freezeDestroy"] }
    )
  )
]
