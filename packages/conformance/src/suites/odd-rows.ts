import { exist, idsOf } from "../asserts.ts"
import { check, same, show } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import { type Path, placesIn, placeText, putAt, valueAt, wrongType } from "../odd.ts"
import { captured, costsOnlyItself, facts, oddAndFine, type Row, sameMachine } from "../odd-row.ts"
import type { TestContext } from "../test-context.ts"

const test = suite("odd")

/** What one place of a row is made, by the row that was captured. */
const oddities = (row: unknown): ReadonlyArray<readonly [Path, odd: unknown]> =>
  placesIn(row).map((path, index) => [path, wrongType(valueAt(row, path), index)])

const text = ([path, odd]: readonly [Path, unknown]): string => `${show(odd)} at ${placeText(path)}`

const makeOdd = (row: Row): void => {
  for (const key of Object.keys(row)) row[key] = { odd: true }
}

const unreadableStranger = async (context: TestContext): Promise<() => void> => {
  const [id] = await context.control("fillPages")()
  check(id !== undefined, "the control made no machine")
  return context.control("alterMachine")(id, makeOdd)
}

/** One odd value costs only itself: rows of which a field is not what it should be. */
export const oddSuite: ReadonlyArray<Entry> = [
  test(
    "a machine is on the list, whatever one field of it is, and the others stay",
    async (context) => {
      const { odd, fine, list, alter, row, before, known, other } = await oddAndFine(context)
      for (const oddity of oddities(row)) {
        const undo = alter((shown) => putAt(shown, oddity[0], oddity[1]))
        const listing = await list()
        undo()
        same(idsOf(listing), idsOf(before), `the machines on the list with ${text(oddity)}`)
        check(listing.complete, `${text(oddity)}: nothing is missing, and the list is said not to be complete`)
        costsOnlyItself(known, sameMachine(listing, odd), text(oddity))
        same(facts(sameMachine(listing, fine) ?? other), facts(other), `the other machine with ${text(oddity)}`)
        const own = sameMachine(listing, odd)?.problems ?? []
        check(own.length === 0 || listing.problems.length > 0, `${text(oddity)}: the list says nothing of it`)
      }
    },
    { needs: ["alterMachine"] }
  ),
  test(
    "a read shows a machine, whatever one field of it is",
    async (context) => {
      const { ref } = await context.ready()
      const get = () => context.ok(context.provider.get(ref))
      const alter = (change: (row: Row) => void) => context.control("alterMachine")(ref.id, change)
      const row = await captured(alter, get)
      const before = await get()
      for (const oddity of oddities(row)) {
        const undo = alter((shown) => putAt(shown, oddity[0], oddity[1]))
        const after = await get()
        undo()
        costsOnlyItself(before, after, text(oddity))
      }
    },
    { needs: ["alterMachine"] }
  ),
  test(
    "an offer is there, whatever one field of it is, and the others stay",
    async (context) => {
      const offers = () => context.ok(context.provider.offers())
      const alter = context.control("alterOffer")
      const row = await captured(alter, offers)
      const before = new Set((await offers()).items.map(({ id }) => id))
      for (const oddity of oddities(row)) {
        const undo = alter((shown) => putAt(shown, oddity[0], oddity[1]))
        const { items, complete } = await offers()
        undo()
        check(complete, `${text(oddity)}: nothing is missing, and the list is said not to be complete`)
        // An element of a list within an offer may be an offer of its own, such as a place.
        const isInList = oddity[0].some((key) => typeof key === "number") || Array.isArray(valueAt(row, oddity[0]))
        const least = isInList || placeText(oddity[0]).includes("location") ? 0 : before.size - 1
        check(
          items.length >= least && items.length > 0,
          `${text(oddity)}: of ${before.size} offers ${items.length} are left`
        )
      }
    },
    { needs: ["alterOffer"], anyHabit: true }
  ),
  test(
    "a launch whose answer is lost finds its machine beside one that cannot be read",
    async (context) => {
      const other = await context.ready()
      context.control("alterMachine")(other.ref.id, makeOdd)
      context.control("createLostAfter")()
      const { ref } = await context.launch()
      exist(context, 2, "after a launch whose answer was lost")
      const { adopted, unsettled } = await context.ok(context.provider.recover())
      check(adopted.length === 0 && unsettled.length === 0, "a launch is still open")
      await context.ok(context.provider.terminate(ref))
      exist(context, 1, "after its end")
    },
    { needs: ["alterMachine", "createLostAfter"] }
  ),
  test(
    "a machine whose name cannot be read may be that of a lost launch: none is said to be absent",
    async (context) => {
      const spec = await context.spec()
      const undo = await unreadableStranger(context)
      context.control("createLostBefore")()
      const exit = await context.run(context.provider.launch(spec))
      if (exit._tag === "Success") return
      const [open] = await context.ok(context.ledger.launches())
      check(open?.state !== "absent" && open?.state !== "refused", `the launch is said to be ${open?.state}`)
      undo()
      await context.mature()
      await context.pass(3_600_000)
      await context.ok(context.provider.recover())
      const [settled] = await context.ok(context.ledger.launches())
      same(settled?.state, "absent", "the launch once the name can be read")
    },
    { needs: ["alterMachine", "fillPages", "createLostBefore"] }
  )
]
