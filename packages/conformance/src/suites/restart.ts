import type { Instance, Kind, LaunchSpec, Recovery } from "@anygpu/core"
import { attempt } from "@anygpu/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { exist } from "../asserts.ts"
import { check, same, show, until } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import type { TestContext } from "../test-context.ts"

const test = suite("restart")

const faces = (instances: Iterable<Instance>): ReadonlyArray<string> =>
  Array.from(instances, ({ ref, status, reason, billing, name, marker }) =>
    [ref, status, reason, billing, name, marker].join(" ")
  ).sort()

/** Starts a launch whose process dies at a moment, and starts the next process; answers what was to be launched. */
export const dieDuring = async (
  context: TestContext,
  moment: () => boolean,
  key: string,
  more: Pick<LaunchSpec, "ttl"> = {}
): Promise<LaunchSpec> => {
  const spec = { ...(await context.spec()), ...more, key }
  void context.run(context.provider.launch(spec))
  await until(moment, "the moment at which the process dies")
  context.restart()
  return spec
}

/** The moment at which a launch has its answer, and its ledger does not know of it yet. */
export const beforeOutcome = ({ process: { watched } }: TestContext): (() => boolean) => {
  let answered = false
  watched.before.settleLaunch = Effect.suspend(() => {
    answered = true
    return Effect.never
  })
  return () => answered
}

/** How long it takes until a launch without a machine is known to have made none. */
const settled = ({ provider }: TestContext): number =>
  Duration.toMillis(provider.timing.createWithin) + Duration.toMillis(provider.timing.appearWithin) + 1000

/** What recover() comes to: at once, or, where the cloud does not show a machine of a moment ago, when it must show. */
const recovered = async (context: TestContext): Promise<Recovery<string, Kind>> => {
  const early = await context.ok(context.provider.recover())
  if (early.adopted.length > 0) return early
  same([early.absent.length, early.unsettled.length], [0, 1], "absent, unsettled while the machine does not show")
  await context.mature()
  return context.ok(context.provider.recover())
}

/** The launch's machine is adopted; the same launch again, on the same offer, answers it. */
const adoptsOne = async (context: TestContext, spec: LaunchSpec): Promise<void> => {
  exist(context, 1, "after the crash")
  const { adopted, unsettled } = await recovered(context)
  same(
    adopted.map(({ ref }) => ref.id),
    context.alive().map(({ id }) => id),
    "the adopted machines"
  )
  same(unsettled.length, 0, "launches left unsettled")
  const [record] = await context.ok(context.ledger.launches())
  check(record?.state === "created", `the ledger says ${show(record)}`)
  const again = await context.ok(context.provider.launch(spec))
  same(again.ref, adopted[0]?.ref, "the machine of the same key")
  exist(context, 1, "in the end")
}

/** A process that is killed at any point finds on its next start what is settled and what is not. */
export const restartSuite: ReadonlyArray<Entry> = [
  test("a new process sees the same machines", async (context) => {
    await context.ready()
    await context.launch()
    const before = await context.ok(context.provider.list())
    context.restart()
    const after = await context.ok(context.provider.list())
    check(after.complete, "the list should be complete")
    same(faces(after), faces(before), "the machines after the restart")
  }),
  test(
    "what was asked of a machine survives",
    async (context) => {
      const { ref } = await context.ready()
      await context.ok(attempt(context.provider, "stop", ref))
      const before = await context.reaches(ref, "stopped")
      context.restart()
      const after = await context.get(ref)
      same(faces([after]), faces([before]), "the stopped machine after the restart")
    },
    { ops: ["stop"] }
  ),
  test(
    "a crash after the machine was made, before the answer: recover() adopts it",
    async (context) => {
      context.control("createHangs")()
      const spec = await dieDuring(context, () => context.alive().length > 0, "crash")
      await adoptsOne(context, spec)
    },
    { needs: ["createHangs"] }
  ),
  test("recover() with nothing open is empty", async (context) => {
    await context.launch()
    const { adopted, absent, unsettled } = await context.ok(context.provider.recover())
    same([adopted.length, absent.length, unsettled.length], [0, 0, 0], "adopted, absent, unsettled")
  }),
  test("a crash after the answer, before the ledger knew: recover() adopts it", async (context) => {
    const spec = await dieDuring(context, beforeOutcome(context), "crash")
    await adoptsOne(context, spec)
  }),
  test("a crash before the request left: recover() finds it absent, once that is sure", async (context) => {
    let written = false
    context.process.watched.after.openLaunch = Effect.suspend(() => {
      written = true
      return Effect.never
    })
    await dieDuring(context, () => written, "crash")
    exist(context, 0, "after the crash")
    const early = await context.ok(context.provider.recover())
    same(
      [early.adopted.length, early.absent.length, early.unsettled.length],
      [0, 0, 1],
      "adopted, absent, unsettled at once"
    )
    await context.pass(settled(context))
    const late = await context.ok(context.provider.recover())
    same(
      [late.adopted.length, late.absent.length, late.unsettled.length],
      [0, 1, 0],
      "adopted, absent, unsettled later"
    )
    await context.ok(context.provider.launch({ ...(await context.spec()), key: "crash" }))
    exist(context, 1, "after a launch with the same key")
  }),
  test(
    "recover() concludes nothing from a cloud that cannot be read",
    async (context) => {
      context.control("createHangs")()
      const spec = await dieDuring(context, () => context.alive().length > 0, "crash")
      await context.pass(settled(context))
      const undo = context.control("readsFail")(Number.POSITIVE_INFINITY)
      const { adopted, absent, unsettled } = await context.ok(context.provider.recover())
      same([adopted.length, absent.length, unsettled.length], [0, 0, 1], "adopted, absent, unsettled")
      undo()
      await adoptsOne(context, spec)
    },
    { needs: ["createHangs", "readsFail"] }
  )
]
