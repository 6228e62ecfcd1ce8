import type { Instance } from "@anygpu/core"
import { exist, idsOf } from "../asserts.ts"
import type { Bench } from "../bench.ts"
import { check, same, show } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import { type Path, placesIn, placeText, putAt, valueAt, wrongType } from "../odd.ts"

const test = suite("odd")

/** What one place of a row is made, by the row that was captured. */
const oddities = (row: unknown): ReadonlyArray<readonly [Path, odd: unknown]> =>
  placesIn(row).map((path, index) => [path, wrongType(valueAt(row, path), index)])

type Row = Record<string, unknown>

/** A copy of the row that a call of the cloud shows. */
const captured = async (alter: (change: (row: Row) => void) => () => void, call: () => Promise<unknown>) => {
  let row: Row | undefined
  const undo = alter((shown) => {
    row ??= structuredClone(shown)
  })
  await call()
  undo()
  return row ?? {}
}

/** What of a machine is known, for a field that was known before and is not any more. */
const facts = ({ name, gpu, vcpus, memoryMiB, storageMiB, price, createdAt, endsAt }: Instance) => ({
  ...{ name, gpu, vcpus, memoryMiB, storageMiB, price, createdAt, endsAt }
})

/** The machine whose row is odd is there, with nothing made up; what is lost of it is said. */
const costsOnlyItself = (before: Instance, after: Instance | undefined, what: string): void => {
  check(after, `${what}: the machine is missing`)
  check(after.status === before.status || after.status === "unknown", `${what}: it is said to be ${after.status}`)
  const now = facts(after)
  const lost = Object.entries(facts(before)).find(
    ([name, value]) => value !== null && now[name as keyof typeof now] === null
  )
  const isSaid = after.problems?.some(({ id, field }) => id === before.ref.id && field !== undefined) ?? false
  check(!lost || isSaid, `${what}: its ${lost?.[0]} is not known any more, and no problem says so`)
}

const text = ([path, odd]: readonly [Path, unknown]): string => `${show(odd)} at ${placeText(path)}`

const makeOdd = (row: Row): void => {
  for (const key of Object.keys(row)) row[key] = { odd: true }
}

const unreadableStranger = async (bench: Bench): Promise<() => void> => {
  const [id] = await bench.stroke("fillPages")()
  check(id !== undefined, "the stroke made no machine")
  return bench.stroke("alterMachine")(id, makeOdd)
}

/** One odd value costs only itself: rows of which a field is not what it should be. */
export const oddSuite: ReadonlyArray<Entry> = [
  test(
    "a machine is on the list, whatever one field of it is, and the others stay",
    async (bench) => {
      const [odd, fine] = [await bench.ready(), await bench.ready()]
      const list = () => bench.ok(bench.provider.list())
      const alter = (change: (row: Row) => void) => bench.stroke("alterMachine")(odd.ref.id, change)
      const row = await captured(alter, list)
      const before = Array.from(await list())
      const find = (listed: Iterable<Instance>, { ref }: Instance) =>
        Array.from(listed).find((one) => one.ref.id === ref.id)
      const [known, other] = [find(before, odd), find(before, fine)]
      check(known && other, "a machine is not on the list")
      for (const oddity of oddities(row)) {
        const undo = alter((shown) => putAt(shown, oddity[0], oddity[1]))
        const listing = await list()
        undo()
        same(idsOf(listing), idsOf(before), `the machines on the list with ${text(oddity)}`)
        check(listing.complete, `${text(oddity)}: nothing is missing, and the list is said not to be complete`)
        costsOnlyItself(known, find(listing, odd), text(oddity))
        same(show(facts(find(listing, fine) ?? other)), show(facts(other)), `the other machine with ${text(oddity)}`)
        const own = find(listing, odd)?.problems ?? []
        check(own.length === 0 || listing.problems.length > 0, `${text(oddity)}: the list says nothing of it`)
      }
    },
    { needs: ["alterMachine"] }
  ),
  test(
    "a read shows a machine, whatever one field of it is",
    async (bench) => {
      const { ref } = await bench.ready()
      const get = () => bench.ok(bench.provider.get(ref))
      const alter = (change: (row: Row) => void) => bench.stroke("alterMachine")(ref.id, change)
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
    async (bench) => {
      const offers = () => bench.ok(bench.provider.offers())
      const alter = bench.stroke("alterOffer")
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
    { needs: ["alterOffer"] }
  ),
  test(
    "a launch whose answer is lost finds its machine beside one that cannot be read",
    async (bench) => {
      const other = await bench.ready()
      bench.stroke("alterMachine")(other.ref.id, makeOdd)
      bench.stroke("createLostAfter")()
      const { ref } = await bench.launch()
      exist(bench, 2, "after a launch whose answer was lost")
      const { adopted, unsettled } = await bench.ok(bench.provider.recover())
      check(adopted.length === 0 && unsettled.length === 0, "a launch is still open")
      await bench.ok(bench.provider.terminate(ref))
      exist(bench, 1, "after its end")
    },
    { needs: ["alterMachine", "createLostAfter"] }
  ),
  test(
    "a machine whose name cannot be read may be that of a lost launch: none is said to be absent",
    async (bench) => {
      const spec = await bench.spec()
      const undo = await unreadableStranger(bench)
      bench.stroke("createLostBefore")()
      const exit = await bench.run(bench.provider.launch(spec))
      if (exit._tag === "Success") return
      const [open] = await bench.ok(bench.ledger.launches())
      check(open?.state !== "absent" && open?.state !== "refused", `the launch is said to be ${open?.state}`)
      undo()
      await bench.mature()
      await bench.pass(3_600_000)
      await bench.ok(bench.provider.recover())
      const [settled] = await bench.ok(bench.ledger.launches())
      same(settled?.state, "absent", "the launch once the name can be read")
    },
    { needs: ["alterMachine", "fillPages", "createLostBefore"] }
  )
]
