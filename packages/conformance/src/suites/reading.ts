import { exist, idsOf, listsTheTruth, unreadable } from "../asserts.ts"
import { check, same, show } from "../check.ts"
import { checkInstance } from "../common.ts"
import { type Entry, suite } from "../conformance-test.ts"
import { refTo, someRef } from "../refs.ts"

const get = suite("get")
const list = suite("list")

/** One machine as it is now. */
export const getSuite: ReadonlyArray<Entry> = [
  get("a machine that nobody knows is NotFound", async (context) => {
    const { ref } = await context.fails(context.provider.get(someRef(context)), "NotFound")
    same(ref, someRef(context), "the ref in the error")
  }),
  get("a machine launched a moment ago is there", async (context) => {
    const { ref } = await context.launch()
    const { status } = await context.get(ref)
    check(status !== "terminated" && status !== "failed", `it is said to be ${status}`)
  }),
  get("a machine that we launched says since when it is there, also on the list", async (context) => {
    const before = context.world.time.now()
    const { ref } = await context.ready()
    const listed = Array.from(await context.ok(context.provider.list())).find((one) => one.ref.id === ref.id)
    for (const [where, machine] of [
      ["by itself", await context.get(ref)],
      ["on the list", listed]
    ] as const) {
      const at = machine?.createdAt?.epochMilliseconds
      // Clouds write whole seconds.
      check(at !== undefined && at > before - 1000 && at <= context.world.time.now(), `${where} it is from ${show(at)}`)
    }
  }),
  get(
    "a machine ended outside is terminated, not an error",
    async (context) => {
      const { ref } = await context.ready()
      await context.mature()
      await context.control("removeOutside")(ref.id)
      const { status, reason } = await context.get(ref)
      same(status, "terminated", "its status")
      check(reason !== "ended-by-user", "nobody asked us to end it")
    },
    { needs: ["removeOutside"] }
  ),
  get(
    "a machine is as old as the answer that shows it, by itself and on the list, whatever is read besides",
    async (context) => {
      const { ref } = await context.ready()
      const shownAt = context.control("othersLate")(ref.id, 20_000)
      const one = await context.get(ref)
      const at = one.observedAt.epochMilliseconds
      check(at === shownAt(), `by itself it is observed at ${show(at)}, and was shown at ${show(shownAt())}`)
      const { items } = await context.ok(context.provider.list())
      const listed = items.find((machine) => machine.ref.id === ref.id)?.observedAt.epochMilliseconds
      check(listed === shownAt(), `on the list it is observed at ${show(listed)}, and was shown at ${show(shownAt())}`)
    },
    { needs: ["othersLate"] }
  ),
  get("a machine that we ended is terminated", async (context) => {
    const { ref } = await context.launch()
    await context.ok(context.provider.terminate(ref))
    same((await context.get(ref)).status, "terminated", "its status")
  }),
  get(
    "a cloud that fails is an error, never a missing machine",
    async (context) => {
      const { ref } = await context.ready()
      const undo = context.control("readsFail")(Number.POSITIVE_INFINITY)
      await context.fails(context.provider.get(ref), "ProviderFault", "BadResponse")
      undo()
      same((await context.get(ref)).status, "running", "its status afterwards")
    },
    { needs: ["readsFail"] }
  ),
  get(
    "machines this library did not launch are read too",
    async (context) => {
      const [id] = await context.control("fillPages")()
      check(id !== undefined, "the control made no machine")
      const { marker, status } = await context.get(refTo(context, id))
      same(marker, null, "the marker of a stranger's machine")
      check(status !== "terminated", "it exists")
    },
    { needs: ["fillPages"] }
  )
]

/** Every machine on the account, and never silently fewer. */
export const listSuite: ReadonlyArray<Entry> = [
  list("a fresh account has none", async (context) => {
    const { items, complete } = await context.ok(context.provider.list())
    check(items.length === 0 && complete, `it has ${items.length}, complete: ${complete}`)
  }),
  list("it shows what exists, and agrees with get", async (context) => {
    const refs = [(await context.ready()).ref, (await context.launch()).ref]
    await listsTheTruth(context)
    const listing = await context.ok(context.provider.list())
    for (const listed of listing) checkInstance(listed, context.provider, context.secrets())
    for (const ref of refs) {
      const one = await context.get(ref)
      const listed = Array.from(listing).find((instance) => instance.ref.id === ref.id)
      same([listed?.name, listed?.marker], [one.name, one.marker], `name and marker of ${ref} on the list`)
      const sameStatus = listed?.view === "summary" || listed?.status === one.status
      check(sameStatus, `${ref} is ${listed?.status} on the list and ${one.status} by itself`)
    }
  }),
  list("a machine that was ended is not shown as existing", async (context) => {
    const { ref } = await context.launch()
    await context.launch()
    await context.ok(context.provider.terminate(ref))
    await listsTheTruth(context)
    exist(context, 1, "after one of two was ended")
  }),
  list(
    "all pages are read",
    async (context) => {
      const ids = await context.control("fillPages")()
      const listing = await context.ok(context.provider.list())
      check(listing.complete, `it should be complete: ${show(listing.problems)}`)
      same(idsOf(listing), ids.toSorted(), "the machines on the list")
    },
    { needs: ["fillPages"] }
  ),
  list(
    "a page that is missing is said, and is not the end of the list",
    async (context) => {
      await context.control("fillPages")()
      context.control("breakLaterPages")()
      await unreadable(context, context.provider.list())
    },
    { needs: ["fillPages", "breakLaterPages"] }
  ),
  list(
    "a row that cannot be read is a problem, and the others stay",
    async (context) => {
      const [bad, good] = [await context.ready(), await context.ready()]
      await context.control("malformMachine")(bad.ref.id)
      const listing = await context.ok(context.provider.list())
      check(idsOf(listing).includes(good.ref.id), "the good row is gone with the bad one")
      if (idsOf(listing).includes(bad.ref.id)) return
      check(!listing.complete, "a machine is missing, and the list says that it is complete")
      check(listing.problems.length > 0, "a machine is missing, and no problem says so")
    },
    { needs: ["malformMachine"] }
  ),
  list(
    "a machine of unknown status is on it",
    async (context) => {
      const { ref } = await context.ready()
      await context.control("unknownStatus")(ref.id)
      const listing = await context.ok(context.provider.list())
      const found = Array.from(listing).find((instance) => instance.ref.id === ref.id)
      check(found, "it is missing")
      check(found.status === "unknown" || found.view === "summary", `it is said to be ${found.status}`)
    },
    { needs: ["unknownStatus"] }
  ),
  ...(["readsFail", "readsReset", "readsHtml", "readsCut", "readsMalformed"] as const).map((control) =>
    list(
      `what cannot be read is never an empty list (${control})`,
      async (context) => {
        await context.launch()
        context.control(control)(Number.POSITIVE_INFINITY)
        await unreadable(context, context.provider.list())
      },
      { needs: [control] }
    )
  ),
  list(
    "a machine ended outside is gone from it, without an error",
    async (context) => {
      const { ref } = await context.ready()
      await context.mature()
      await context.control("removeOutside")(ref.id)
      await listsTheTruth(context)
    },
    { needs: ["removeOutside"] }
  )
]
