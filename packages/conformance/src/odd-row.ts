import type { Instance } from "@anygpu/core"
import { check } from "./check.ts"
import type { TestContext } from "./test-context.ts"

/** A row of a cloud's answer. */
export type Row = Record<string, unknown>

/** A copy of the row that a call of the cloud shows. */
export const captured = async (alter: (change: (row: Row) => void) => () => void, call: () => Promise<unknown>) => {
  let row: Row | undefined
  const undo = alter((shown) => {
    row ??= structuredClone(shown)
  })
  await call()
  undo()
  return row ?? {}
}

/** What of a machine is known, for a field that was known before and is not any more. */
export const facts = ({ name, gpu, vcpus, memoryMiB, storageMiB, pricePerHour, createdAt, endsAt }: Instance) => ({
  ...{ name, gpu, vcpus, memoryMiB, storageMiB, pricePerHour, createdAt, endsAt }
})

/** What was known of the machine and is lost for an odd value is said by a problem that names machine and field. */
export const saysWhatIsLost = (before: Instance, after: Instance, what: string): void => {
  const now = facts(after)
  const lost = Object.entries(facts(before)).find(
    ([name, value]) => value !== null && now[name as keyof typeof now] === null
  )
  const isSaid = after.problems?.some(({ id, field }) => id === before.ref.id && field !== undefined) ?? false
  check(!lost || isSaid, `${what}: its ${lost?.[0]} is not known any more, and no problem says so`)
}

/** The machine whose row is odd is there, with nothing made up; what is lost of it is said. */
export const costsOnlyItself = (before: Instance, after: Instance | undefined, what: string): void => {
  check(after, `${what}: the machine is missing`)
  check(after.status === before.status || after.status === "unknown", `${what}: it is said to be ${after.status}`)
  saysWhatIsLost(before, after, what)
}

/** The machine on a list that is this one. */
export const sameMachine = (listed: Iterable<Instance>, { ref }: Instance): Instance | undefined =>
  Array.from(listed).find((one) => one.ref.id === ref.id)

/** Two machines on a list, and what alters the row of the first one. */
export const oddAndFine = async (context: TestContext) => {
  const [odd, fine] = [await context.ready(), await context.ready()]
  const list = () => context.ok(context.provider.list())
  const alter = (change: (row: Row) => void) => context.control("alterMachine")(odd.ref.id, change)
  const row = await captured(alter, list)
  const before = Array.from(await list())
  const [known, other] = [sameMachine(before, odd), sameMachine(before, fine)]
  check(known && other, "a machine is not on the list")
  return { odd, fine, list, alter, row, before, known, other }
}
