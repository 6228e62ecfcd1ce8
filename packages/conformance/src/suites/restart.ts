import type { Instance, Kind, LaunchSpec, Recovery } from "@anygpu/core"
import { attempt } from "@anygpu/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { exist } from "../asserts.ts"
import type { Bench } from "../bench.ts"
import { check, same, show, until } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"

const test = suite("restart")

const faces = (instances: Iterable<Instance>): ReadonlyArray<string> =>
  Array.from(instances, ({ ref, status, reason, billing, name, marker }) =>
    [ref, status, reason, billing, name, marker].join(" ")
  ).sort()

/** Starts a launch whose process dies at a moment, and starts the next process; answers what was to be launched. */
const dieDuring = async (bench: Bench, moment: () => boolean, key: string): Promise<LaunchSpec> => {
  const spec = { ...(await bench.spec()), key }
  void bench.run(bench.provider.launch(spec))
  await until(moment, "the moment at which the process dies")
  bench.restart()
  return spec
}

/** How long it takes until a launch without a machine is known to have made none. */
const settled = ({ provider }: Bench): number =>
  Duration.toMillis(provider.timing.createWithin) + Duration.toMillis(provider.timing.appearWithin) + 1000

/** What recover() comes to: at once, or, where the cloud does not show a machine of a moment ago, when it must show. */
const recovered = async (bench: Bench): Promise<Recovery<string, Kind>> => {
  const early = await bench.ok(bench.provider.recover())
  if (early.adopted.length > 0) return early
  same([early.absent.length, early.unsettled.length], [0, 1], "absent, unsettled while the machine does not show")
  await bench.mature()
  return bench.ok(bench.provider.recover())
}

/** The launch's machine is adopted; the same launch again, on the same offer, answers it. */
const adoptsOne = async (bench: Bench, spec: LaunchSpec): Promise<void> => {
  exist(bench, 1, "after the crash")
  const { adopted, unsettled } = await recovered(bench)
  same(
    adopted.map(({ ref }) => ref.id),
    bench.alive().map(({ id }) => id),
    "the adopted machines"
  )
  same(unsettled.length, 0, "launches left unsettled")
  const [record] = await bench.ok(bench.ledger.launches())
  check(record?.state === "created", `the ledger says ${show(record)}`)
  const again = await bench.ok(bench.provider.launch(spec))
  same(again.ref, adopted[0]?.ref, "the machine of the same key")
  exist(bench, 1, "in the end")
}

/** A process that is killed at any point finds on its next start what is settled and what is not. */
export const restartSuite: ReadonlyArray<Entry> = [
  test("a new process sees the same machines", async (bench) => {
    await bench.ready()
    await bench.launch()
    const before = await bench.ok(bench.provider.list())
    bench.restart()
    const after = await bench.ok(bench.provider.list())
    check(after.complete, "the list should be complete")
    same(faces(after), faces(before), "the machines after the restart")
  }),
  test(
    "what was asked of a machine survives",
    async (bench) => {
      const { ref } = await bench.ready()
      await bench.ok(attempt(bench.provider, "stop", ref))
      const before = await bench.reaches(ref, "stopped")
      bench.restart()
      const after = await bench.get(ref)
      same(faces([after]), faces([before]), "the stopped machine after the restart")
    },
    { ops: ["stop"] }
  ),
  test(
    "a crash after the machine was made, before the answer: recover() adopts it",
    async (bench) => {
      bench.stroke("createHangs")()
      const spec = await dieDuring(bench, () => bench.alive().length > 0, "crash")
      await adoptsOne(bench, spec)
    },
    { needs: ["createHangs"] }
  ),
  test("recover() with nothing open is empty", async (bench) => {
    await bench.launch()
    const { adopted, absent, unsettled } = await bench.ok(bench.provider.recover())
    same([adopted.length, absent.length, unsettled.length], [0, 0, 0], "adopted, absent, unsettled")
  }),
  test("a crash after the answer, before the ledger knew: recover() adopts it", async (bench) => {
    let answered = false
    bench.process.watched.before.settleLaunch = Effect.suspend(() => {
      answered = true
      return Effect.never
    })
    const spec = await dieDuring(bench, () => answered, "crash")
    await adoptsOne(bench, spec)
  }),
  test("a crash before the request left: recover() finds it absent, once that is sure", async (bench) => {
    let written = false
    bench.process.watched.after.openLaunch = Effect.suspend(() => {
      written = true
      return Effect.never
    })
    await dieDuring(bench, () => written, "crash")
    exist(bench, 0, "after the crash")
    const early = await bench.ok(bench.provider.recover())
    same(
      [early.adopted.length, early.absent.length, early.unsettled.length],
      [0, 0, 1],
      "adopted, absent, unsettled at once"
    )
    await bench.pass(settled(bench))
    const late = await bench.ok(bench.provider.recover())
    same(
      [late.adopted.length, late.absent.length, late.unsettled.length],
      [0, 1, 0],
      "adopted, absent, unsettled later"
    )
    await bench.ok(bench.provider.launch({ ...(await bench.spec()), key: "crash" }))
    exist(bench, 1, "after a launch with the same key")
  }),
  test(
    "recover() concludes nothing from a cloud that cannot be read",
    async (bench) => {
      bench.stroke("createHangs")()
      const spec = await dieDuring(bench, () => bench.alive().length > 0, "crash")
      await bench.pass(settled(bench))
      const undo = bench.stroke("readsFail")(Number.POSITIVE_INFINITY)
      const { adopted, absent, unsettled } = await bench.ok(bench.provider.recover())
      same([adopted.length, absent.length, unsettled.length], [0, 0, 1], "adopted, absent, unsettled")
      undo()
      await adoptsOne(bench, spec)
    },
    { needs: ["createHangs", "readsFail"] }
  )
]
