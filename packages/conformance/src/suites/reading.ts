import { exist, idsOf, listsTheTruth, unreadable } from "../asserts.ts"
import { check, same, show } from "../check.ts"
import { checkInstance } from "../common.ts"
import { type Entry, suite } from "../conformance-test.ts"
import { refTo, someRef } from "../refs.ts"

const get = suite("get")
const list = suite("list")

/** One machine as it is now. */
export const getSuite: ReadonlyArray<Entry> = [
  get("a machine that nobody knows is NotFound", async (bench) => {
    const { ref } = await bench.fails(bench.provider.get(someRef(bench)), "NotFound")
    same(ref, someRef(bench), "the ref in the error")
  }),
  get("a machine launched a moment ago is there", async (bench) => {
    const { ref } = await bench.launch()
    const { status } = await bench.get(ref)
    check(status !== "terminated" && status !== "failed", `it is said to be ${status}`)
  }),
  get(
    "a machine ended outside is terminated, not an error",
    async (bench) => {
      const { ref } = await bench.ready()
      await bench.mature()
      await bench.stroke("removeOutside")(ref.id)
      const { status, reason } = await bench.get(ref)
      same(status, "terminated", "its status")
      check(reason !== "ended-by-user", "nobody asked us to end it")
    },
    { needs: ["removeOutside"] }
  ),
  get("a machine that we ended is terminated", async (bench) => {
    const { ref } = await bench.launch()
    await bench.ok(bench.provider.terminate(ref))
    same((await bench.get(ref)).status, "terminated", "its status")
  }),
  get(
    "a cloud that fails is an error, never a missing machine",
    async (bench) => {
      const { ref } = await bench.ready()
      const undo = bench.stroke("readsFail")(Number.POSITIVE_INFINITY)
      await bench.fails(bench.provider.get(ref), "ProviderFault", "BadResponse")
      undo()
      same((await bench.get(ref)).status, "running", "its status afterwards")
    },
    { needs: ["readsFail"] }
  ),
  get(
    "machines this library did not launch are read too",
    async (bench) => {
      const [id] = await bench.stroke("fillPages")()
      check(id !== undefined, "the stroke made no machine")
      const { marker, status } = await bench.get(refTo(bench, id))
      same(marker, null, "the marker of a stranger's machine")
      check(status !== "terminated", "it exists")
    },
    { needs: ["fillPages"] }
  )
]

/** Every machine on the account, and never silently fewer. */
export const listSuite: ReadonlyArray<Entry> = [
  list("a fresh account has none", async (bench) => {
    const { items, complete } = await bench.ok(bench.provider.list())
    check(items.length === 0 && complete, `it has ${items.length}, complete: ${complete}`)
  }),
  list("it shows what exists, and agrees with get", async (bench) => {
    const refs = [(await bench.ready()).ref, (await bench.launch()).ref]
    await listsTheTruth(bench)
    const listing = await bench.ok(bench.provider.list())
    for (const listed of listing) checkInstance(listed, bench.provider, bench.secrets())
    for (const ref of refs) {
      const one = await bench.get(ref)
      const listed = Array.from(listing).find((instance) => instance.ref.id === ref.id)
      same([listed?.name, listed?.marker], [one.name, one.marker], `name and marker of ${ref} on the list`)
      const sameStatus = listed?.view === "summary" || listed?.status === one.status
      check(sameStatus, `${ref} is ${listed?.status} on the list and ${one.status} by itself`)
    }
  }),
  list("a machine that was ended is not shown as existing", async (bench) => {
    const { ref } = await bench.launch()
    await bench.launch()
    await bench.ok(bench.provider.terminate(ref))
    await listsTheTruth(bench)
    exist(bench, 1, "after one of two was ended")
  }),
  list(
    "all pages are read",
    async (bench) => {
      const ids = await bench.stroke("fillPages")()
      const listing = await bench.ok(bench.provider.list())
      check(listing.complete, `it should be complete: ${show(listing.problems)}`)
      same(idsOf(listing), ids.toSorted(), "the machines on the list")
    },
    { needs: ["fillPages"] }
  ),
  list(
    "a page that is missing is said, and is not the end of the list",
    async (bench) => {
      await bench.stroke("fillPages")()
      bench.stroke("breakLaterPages")()
      await unreadable(bench, bench.provider.list())
    },
    { needs: ["fillPages", "breakLaterPages"] }
  ),
  list(
    "a row that cannot be read is a problem, and the others stay",
    async (bench) => {
      const [bad, good] = [await bench.ready(), await bench.ready()]
      await bench.stroke("malformMachine")(bad.ref.id)
      const listing = await bench.ok(bench.provider.list())
      check(idsOf(listing).includes(good.ref.id), "the good row is gone with the bad one")
      if (idsOf(listing).includes(bad.ref.id)) return
      check(!listing.complete, "a machine is missing, and the list says that it is complete")
      check(listing.problems.length > 0, "a machine is missing, and no problem says so")
    },
    { needs: ["malformMachine"] }
  ),
  list(
    "a machine of unknown status is on it",
    async (bench) => {
      const { ref } = await bench.ready()
      await bench.stroke("unknownStatus")(ref.id)
      const listing = await bench.ok(bench.provider.list())
      const found = Array.from(listing).find((instance) => instance.ref.id === ref.id)
      check(found, "it is missing")
      check(found.status === "unknown" || found.view === "summary", `it is said to be ${found.status}`)
    },
    { needs: ["unknownStatus"] }
  ),
  ...(["readsFail", "readsReset", "readsHtml", "readsCut", "readsMalformed"] as const).map((stroke) =>
    list(
      `what cannot be read is never an empty list (${stroke})`,
      async (bench) => {
        await bench.launch()
        bench.stroke(stroke)(Number.POSITIVE_INFINITY)
        await unreadable(bench, bench.provider.list())
      },
      { needs: [stroke] }
    )
  ),
  list(
    "a machine ended outside is gone from it, without an error",
    async (bench) => {
      const { ref } = await bench.ready()
      await bench.mature()
      await bench.stroke("removeOutside")(ref.id)
      await listsTheTruth(bench)
    },
    { needs: ["removeOutside"] }
  )
]
