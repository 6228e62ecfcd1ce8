import type { Instance } from "@anygpu/core"
import fc from "fast-check"
import { check, same, show } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import { isOtherType, mayBeNothing, type Path, placesIn, placeText, putAt, valueAt } from "../odd.ts"
import { captured, costsOnlyItself, facts, oddAndFine, type Row, sameMachine, saysWhatIsLost } from "../odd-row.ts"

const test = suite("odd")

/** The same values on every run, and few enough of them that a suite stays quick. */
const run = { seed: 12, numRuns: 60 }

/** Any code point that stands alone. fast-check's own unit "binary" first maps all 1.1 million of them, which takes a second. */
const anyCharacter = fc
  .integer({ min: 0, max: 0x10_f7_ff })
  .map((number) => String.fromCodePoint(number < 0xd8_00 ? number : number + 0x8_00))

/** Any JSON value: of a few layers, with any text, and numbers of any size. */
const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2, stringUnit: anyCharacter }),
  fc.constantFrom(...["", "0", "null", "17001", "1e5", "2026-01-01", "9999-99-99T99:99:99Z"]),
  fc.constantFrom(...[0, -0, 65_536, 9.9e12, 1e18, 1e308, 5e-324, 2 ** 53])
)

/** Does something with any value at any place of a row. */
const forAny = (row: Row, hold: (path: Path, odd: unknown, what: string) => Promise<void>): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.constantFrom(...placesIn(row)), anyValue, (path, odd) =>
      hold(path, odd, `${show(odd)} at ${placeText(path)}`)
    ),
    run
  )

/**
 * What an odd value costs a machine.
 *
 * - One of another type costs what it stands for, and says nothing of the status.
 * - Null, zero and an object may say that nothing is known; a text at a `type` may name another one.
 * - Whatever else makes a fact unknown is said.
 */
const costs = (before: Instance, after: Instance, row: Row, path: Path, odd: unknown, what: string): void => {
  const was = valueAt(row, path)
  const isNamed = path.at(-1) === "type" && typeof odd === "string"
  if (isOtherType(was, odd) && !mayBeNothing(was, odd)) costsOnlyItself(before, after, what)
  else if (!mayBeNothing(was, odd) && !isNamed) saysWhatIsLost(before, after, what)
}

/** One odd value costs only itself: any JSON value in any field of a row. */
export const oddValuesSuite: ReadonlyArray<Entry> = [
  test(
    "a machine is on the list, whatever JSON value any field of it is",
    async (context) => {
      const { odd, fine, list, alter, row, known, other } = await oddAndFine(context)
      await forAny(row, async (path, value, what) => {
        const undo = alter((shown) => putAt(shown, path, structuredClone(value)))
        const listing = await list()
        undo()
        const [was, after] = [valueAt(row, path), sameMachine(listing, odd)]
        check(listing.complete, `${what}: nothing is missing, and the list is said not to be complete`)
        // Another text may say that it is a machine of another kind.
        check(after || (typeof was === "string" && typeof value === "string"), `${what}: the machine is missing`)
        if (after) costs(known, after, row, path, value, what)
        same(facts(sameMachine(listing, fine) ?? other), facts(other), `the other machine with ${what}`)
      })
    },
    { needs: ["alterMachine"] }
  ),
  test(
    "a read shows a machine, whatever JSON value any field of it is",
    async (context) => {
      const { ref } = await context.ready()
      const get = () => context.ok(context.provider.get(ref))
      const alter = (change: (row: Row) => void) => context.control("alterMachine")(ref.id, change)
      const row = await captured(alter, get)
      const before = await get()
      await forAny(row, async (path, value, what) => {
        const undo = alter((shown) => putAt(shown, path, structuredClone(value)))
        const after = await get()
        undo()
        same(after.ref.id, ref.id, `the machine that is read with ${what}`)
        costs(before, after, row, path, value, what)
      })
    },
    { needs: ["alterMachine"] }
  ),
  test(
    "offers are read, whatever JSON value any field of one of them is",
    async (context) => {
      const offers = () => context.ok(context.provider.offers())
      const alter = context.control("alterOffer")
      const row = await captured(alter, offers)
      const before = (await offers()).items.length
      await forAny(row, async (path, value, what) => {
        const undo = alter((shown) => putAt(shown, path, structuredClone(value)))
        const { items, complete } = await offers()
        undo()
        // A list within an offer, and what is in it, may be offers of their own, such as places.
        const was = valueAt(row, path)
        const isList = path.some((key) => typeof key === "number") || Array.isArray(was)
        // Of a row that is offers in several places a zero may say that none of them can be had.
        const least = isList || mayBeNothing(was, value) || placeText(path).includes("location") ? 1 : before - 1
        check(items.length >= least, `${what}: of ${before} offers ${items.length} are left`)
        check(complete, `${what}: nothing is missing, and the list is said not to be complete`)
      })
    },
    { needs: ["alterOffer"], anyHabit: true }
  )
]
