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
  test("one launch makes exactly one machine", async (context) => {
    const instance = await context.launch()
    exist(context, 1, "after one launch")
    check(context.truth(instance.ref.id)?.alive, `${instance.ref} is not a machine of the cloud`)
  }),
  test("the machine carries the marker, and the name that was given", async (context) => {
    const spec = await context.spec()
    const { ref, marker, name } = await context.ok(context.provider.launch(spec))
    const label = context.truth(ref.id)?.name ?? ""
    check(marker !== null && label.includes(marker), `the cloud calls it "${label}", without its marker ${marker}`)
    const shown = splitMarker(label).name
    check(shown.length > 0 && spec.name.startsWith(shown), `the cloud calls it "${label}", the user "${spec.name}"`)
    check(name !== null && spec.name.startsWith(name), `the user called it "${spec.name}", the instance says "${name}"`)
  }),
  test("a name of which the cloud keeps less is answered whole", async (context) => {
    const name = `A long name, in letters that no cloud cuts to itself: ${"Überlänge ".repeat(9)}№ 7`
    const { ref, name: launched } = await context.ok(context.provider.launch({ ...(await context.spec()), name }))
    same(launched, name, "the name that launch answers")
    const got = await context.ok(waitUntilReady(context.provider, ref))
    same(got.name, name, "the name that get answers")
    const label = splitMarker(context.truth(ref.id)?.name ?? "").name
    same(got.keptName ?? name, label, "what is said of the name that the cloud keeps")
    const listed = (await context.ok(context.provider.list())).items.find((machine) => machine.ref.id === ref.id)
    same(listed?.name, name, "the name in the list")
  }),
  test("the ledger has it before the request leaves", async (context) => {
    const { after } = context.process.watched
    let existing = -1
    after.openLaunch = Effect.sync(() => {
      existing = context.world.machines().length
    })
    const { ref, marker } = await context.launch()
    check(
      existing === 0,
      existing < 0 ? "the launch is not in the ledger" : "the machine was made before the ledger knew"
    )
    const [record, ...more] = await context.ok(context.ledger.launches())
    same(more.length, 0, "further launches in the ledger")
    check(record?.state === "created" && record.instanceId === ref.id, `the ledger says ${show(record)}`)
    same(record.marker, marker, "the marker in the ledger")
    check(leakOf(record, context.secrets()) === null, "the ledger's record shows a secret")
  }),
  test("nothing is rented when the ledger cannot be written", async (context) => {
    context.process.watched.before.openLaunch = Effect.fail(
      new ProviderFault({ message: "the ledger's disk is full", retry: "permanent" })
    )
    await context.fails(context.provider.launch(await context.spec()), "ProviderFault")
    exist(context, 0, "without a ledger")
  }),
  test("it returns before the machine runs", async (context) => {
    const { ref, status } = await context.launch()
    const early = ["pending", "provisioning", "starting"].includes(status)
    check(early && !context.truth(ref.id)?.running, `the launch came back when the machine was ${status}`)
  }),
  test("every option reaches the cloud", async (context) => {
    const spec = await context.spec()
    const sent = await context.sent(() => context.ok(context.provider.launch(spec)))
    const missing = missingFrom(sent, spec)
    check(missing.length === 0, `no request holds ${missing.join(", ")}`)
  }),
  test("the same key twice is one machine", async (context) => {
    const spec = { ...(await context.spec()), key: "nightly-training" }
    const first = await context.ok(context.provider.launch(spec))
    const second = await context.ok(context.provider.launch(spec))
    same(second.ref, first.ref, "the second launch's machine")
    exist(context, 1, "after two launches with one key")
  }),
  test("the same key twice at once is one machine", async (context) => {
    const spec = { ...(await context.spec()), key: "nightly-training" }
    const both = [context.provider.launch(spec), context.provider.launch(spec)]
    const [first, second] = await context.ok(Effect.all(both, { concurrency: 2 }))
    same(second?.ref, first?.ref, "the second launch's machine")
    exist(context, 1, "after two launches with one key")
  }),
  test("two launches are two machines with two markers", async (context) => {
    const [one, two] = [await context.launch(), await context.launch()]
    check(one.ref.id !== two.ref.id && one.marker !== two.marker, "two launches have one id or marker")
    exist(context, 2, "after two launches")
  })
]
