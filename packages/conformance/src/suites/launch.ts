import { ProviderFault, splitMarker, waitUntilReady } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { exist } from "../asserts.ts"
import { check, same, show } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import { leakOf } from "../secrets.ts"
import { missingFrom } from "../traces.ts"

const test = suite("launch")

/** What a launch does when all goes well. */
export const launchSuite: ReadonlyArray<Entry> = [
  test("one launch makes exactly one machine", async (bench) => {
    const instance = await bench.launch()
    exist(bench, 1, "after one launch")
    check(bench.truth(instance.ref.id)?.alive, `${instance.ref} is not a machine of the cloud`)
  }),
  test("the machine carries the marker, and the name that was given", async (bench) => {
    const spec = await bench.spec()
    const { ref, marker, name } = await bench.ok(bench.provider.launch(spec))
    const label = bench.truth(ref.id)?.name ?? ""
    check(marker !== null && label.includes(marker), `the cloud calls it "${label}", without its marker ${marker}`)
    const shown = splitMarker(label).name
    check(shown.length > 0 && spec.name.startsWith(shown), `the cloud calls it "${label}", the user "${spec.name}"`)
    check(name !== null && spec.name.startsWith(name), `the user called it "${spec.name}", the instance says "${name}"`)
  }),
  test("a name of which the cloud keeps less is answered whole", async (bench) => {
    const name = `A long name, in letters that no cloud cuts to itself: ${"Überlänge ".repeat(9)}№ 7`
    const { ref, name: launched } = await bench.ok(bench.provider.launch({ ...(await bench.spec()), name }))
    same(launched, name, "the name that launch answers")
    const got = await bench.ok(waitUntilReady(bench.provider, ref))
    same(got.name, name, "the name that get answers")
    const label = splitMarker(bench.truth(ref.id)?.name ?? "").name
    same(got.keptName ?? name, label, "what is said of the name that the cloud keeps")
    const listed = (await bench.ok(bench.provider.list())).items.find((machine) => machine.ref.id === ref.id)
    same(listed?.name, name, "the name in the list")
  }),
  test("the ledger has it before the request leaves", async (bench) => {
    const { after } = bench.process.watched
    let existing = -1
    after.openLaunch = Effect.sync(() => {
      existing = bench.world.machines().length
    })
    const { ref, marker } = await bench.launch()
    check(
      existing === 0,
      existing < 0 ? "the launch is not in the ledger" : "the machine was made before the ledger knew"
    )
    const [record, ...more] = await bench.ok(bench.ledger.launches())
    same(more.length, 0, "further launches in the ledger")
    check(record?.state === "created" && record.instanceId === ref.id, `the ledger says ${show(record)}`)
    same(record.marker, marker, "the marker in the ledger")
    check(leakOf(record, bench.secrets()) === null, "the ledger's record shows a secret")
  }),
  test("nothing is rented when the ledger cannot be written", async (bench) => {
    bench.process.watched.before.openLaunch = Effect.fail(
      new ProviderFault({ message: "the ledger's disk is full", retry: "permanent" })
    )
    await bench.fails(bench.provider.launch(await bench.spec()), "ProviderFault")
    exist(bench, 0, "without a ledger")
  }),
  test("it returns before the machine runs", async (bench) => {
    const { ref, status } = await bench.launch()
    const early = ["pending", "provisioning", "starting"].includes(status)
    check(early && !bench.truth(ref.id)?.running, `the launch came back when the machine was ${status}`)
  }),
  test("every option reaches the cloud", async (bench) => {
    const spec = await bench.spec()
    const sent = await bench.sent(() => bench.ok(bench.provider.launch(spec)))
    const missing = missingFrom(sent, spec)
    check(missing.length === 0, `no request holds ${missing.join(", ")}`)
  }),
  test("the same key twice is one machine", async (bench) => {
    const spec = { ...(await bench.spec()), key: "nightly-training" }
    const first = await bench.ok(bench.provider.launch(spec))
    const second = await bench.ok(bench.provider.launch(spec))
    same(second.ref, first.ref, "the second launch's machine")
    exist(bench, 1, "after two launches with one key")
  }),
  test("the same key twice at once is one machine", async (bench) => {
    const spec = { ...(await bench.spec()), key: "nightly-training" }
    const both = [bench.provider.launch(spec), bench.provider.launch(spec)]
    const [first, second] = await bench.ok(Effect.all(both, { concurrency: 2 }))
    same(second?.ref, first?.ref, "the second launch's machine")
    exist(bench, 1, "after two launches with one key")
  }),
  test("two launches are two machines with two markers", async (bench) => {
    const [one, two] = [await bench.launch(), await bench.launch()]
    check(one.ref.id !== two.ref.id && one.marker !== two.marker, "two launches have one id or marker")
    exist(bench, 2, "after two launches")
  })
]
