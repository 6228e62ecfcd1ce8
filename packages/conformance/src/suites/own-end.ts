import { attempt, cloudEndOf, type InstanceRef } from "@anygpu/core"
import { exist, refusedUnchanged, refusedUnsent } from "../asserts.ts"
import { check, fail, same } from "../check.ts"
import { type Entry, suite } from "../conformance-test.ts"
import type { TestContext } from "../test-context.ts"
import { beforeOutcome, dieDuring } from "./restart.ts"

const test = suite("own end")
const needs = { ops: ["scheduleEnd"] } as const

const hour = 3_600_000
/** A cloud looks every few minutes, and an end takes its time. */
const late = 20 * 60_000

const truthOf = (context: TestContext, { id }: InstanceRef) => {
  const machine = context.world.machines().find((one) => one.id === id)
  return machine ?? fail(`${id} was never made`)
}

const seconds = (moment: number | null | undefined): number | null =>
  moment == null ? null : Math.floor(moment / 1000)

/** A machine that is up, and what the cloud itself knows of its end. */
const leased = async (context: TestContext) => {
  const spec = { ...(await context.spec()), ttl: hour }
  const { ref, endsAt } = await context.ok(context.provider.launch(spec))
  const [record] = await context.ok(context.ledger.launches({ instanceId: ref.id }))
  const end = cloudEndOf(record?.leaseUntil ?? null) ?? fail("a launch for a time is no lease in the ledger")
  return { ref, endsAt, end: end.at.getTime() }
}

/** Where a cloud has a switch of its own that ends machines. */
export const ownEndSuite: ReadonlyArray<Entry> = [
  test(
    "a launch for a time has its end at the cloud before it answers, and says so",
    async (context) => {
      const { ref, endsAt, end } = await leased(context)
      same(seconds(truthOf(context, ref).endsAt), seconds(end), "when the cloud ends the machine, in seconds")
      // A machine that cannot be read yet says nothing of its end: then its first read does.
      if (endsAt === null) await context.reaches(ref, "running")
      const said = endsAt ?? (await context.get(ref)).endsAt
      same(seconds(said?.epochMilliseconds), seconds(end), "what is said of it, in seconds")
      same(context.provider.endsItself, "cloud", "who ends a machine of this provider")
    },
    needs
  ),
  test(
    "a machine whose process is gone is ended by the cloud, and not before its time",
    async (context) => {
      const { ref } = await leased(context)
      await context.pass(hour - 60_000)
      check(truthOf(context, ref).alive, "the machine was ended before its time")
      await context.pass(late)
      check(!truthOf(context, ref).alive, "nobody ended the machine")
      same((await context.get(ref)).status, "terminated", "what it is then")
    },
    needs
  ),
  test(
    "a machine that nobody heard of, and that has ended by itself, stays paid for: its key rents no other one",
    async (context) => {
      const spec = await dieDuring(context, beforeOutcome(context), "lapsed", { ttl: hour })
      await context.pass(hour + late)
      exist(context, 0, "after the time of the machine")
      await context.ok(context.provider.recover())
      const [record] = await context.ok(context.ledger.launches({ key: "lapsed" }))
      same(record?.state, "lapsed", "what the ledger says of its launch")
      await refusedUnchanged(context, context.provider.launch(spec), "Conflict")
      exist(context, 0, "after a launch with the same key")
    },
    needs
  ),
  test(
    "a launch for good has no end at the cloud",
    async (context) => {
      const { ref } = await context.ready()
      same(truthOf(context, ref).endsAt ?? null, null, "when the cloud ends the machine")
    },
    needs
  ),
  test(
    "an end is moved and read back, and lists say it too",
    async (context) => {
      const { ref } = await leased(context)
      await context.reaches(ref, "running")
      const at = new Date(Math.ceil((context.world.time.now() + 3 * hour) / 1000) * 1000)
      const moved = await context.ok(attempt(context.provider, "scheduleEnd", ref, { at }))
      same(seconds(truthOf(context, ref).endsAt), seconds(at.getTime()), "when the cloud ends the machine, in seconds")
      same(seconds(moved.endsAt?.epochMilliseconds), seconds(at.getTime()), "what is said of it, in seconds")
      const { items } = await context.ok(context.provider.list())
      const listed = items.find((one) => one.ref.id === ref.id)
      same(seconds(listed?.endsAt?.epochMilliseconds), seconds(at.getTime()), "what a list says of it, in seconds")
      await context.pass(2 * hour)
      check(truthOf(context, ref).alive, "the machine was ended at its old end")
    },
    needs
  ),
  test(
    "an end is removed, and the machine lives on",
    async (context) => {
      const { ref } = await leased(context)
      await context.reaches(ref, "running")
      const kept = await context.ok(attempt(context.provider, "scheduleEnd", ref, null))
      same([truthOf(context, ref).endsAt ?? null, kept.endsAt], [null, null], "when the machine ends by itself")
      await context.pass(hour + late)
      check(truthOf(context, ref).alive, "the machine was ended all the same")
    },
    needs
  ),
  test(
    "an end that the cloud takes and forgets is a Conflict, and no end",
    async (context) => {
      const { ref } = await context.ready()
      const undo = context.control("forgetsEnds")()
      const at = new Date(context.world.time.now() + hour)
      const error = await context.fails(attempt(context.provider, "scheduleEnd", ref, { at }))
      same(error._tag, "Conflict", "the error of an end that is not recorded")
      same((await context.get(ref)).endsAt, null, "when the machine ends by itself")
      undo()
      await context.ok(attempt(context.provider, "scheduleEnd", ref, { at }))
    },
    { ...needs, needs: ["forgetsEnds"] }
  ),
  test(
    "a moment that is over is InvalidRequest and sends nothing",
    async (context) => {
      const { ref } = await context.ready()
      const at = new Date(context.world.time.now() - 1000)
      await refusedUnsent(context, attempt(context.provider, "scheduleEnd", ref, { at }), "InvalidRequest")
    },
    needs
  )
]
