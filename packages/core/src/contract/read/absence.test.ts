import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { Conflict, NotFound, ProviderFault } from "../../errors.ts"
import { Listing } from "../../model/listing.ts"
import { InstanceRef } from "../../model/ref.ts"
import { ref, settled, stopOf, up } from "../settled-cloud.test-support.ts"
import { offer, type TinyMachine, tinyCloud } from "../tiny-cloud.test-support.ts"
import { waitForStatus, waitUntilReady } from "../wait.ts"

const minute = 60_000
const down = new ProviderFault({ message: "the list is down", retry: "temporary" })

/** A list of these rows of which one more could not be read. */
const cutOff = (items: ReadonlyArray<TinyMachine>, id?: string) =>
  new Listing({
    items,
    complete: false,
    observedAt: DateTime.makeUnsafe(0),
    problems: [{ provider: "test", part: "instances[1]", error: down, ...(id !== undefined && { id }) }]
  })

describe("a read that finds nothing", () => {
  test("is no end while a complete list shows the machine", async () => {
    const { get, machine, listed } = await settled({ read: () => null })
    const before = listed()
    expect(await get()).toMatchObject({ status: "running", billing: "compute" })
    expect(listed()).toBe(before + 1)
    expect(await machine()).toMatchObject({ goneAt: null })
  })

  test("is the end when a complete list lacks it too, and then costs no list any more", async () => {
    const { get, machine, listed } = await settled({ read: () => null, lists: () => [] })
    expect(await get()).toMatchObject({ status: "terminated", billing: "none" })
    expect(await machine()).toMatchObject({ goneAt: expect.any(Number) })
    const before = listed()
    expect(await get()).toMatchObject({ status: "terminated" })
    expect(listed()).toBe(before)
  })

  test.each([
    ["fails", down],
    ["is itself not found", new NotFound({ message: "no such route", retry: "permanent" })],
    ["is cut off", cutOff([])],
    ["has an unreadable row that may be it", cutOff([{ id: "m2", state: "up", marker: null }], "m1")]
  ] as const)("proves nothing when the list %s: an error, and no end", async (_, answer) => {
    const { fails, provider, machine } = await settled({ read: () => null, lists: () => answer })
    const error = await fails(provider.get(ref))
    expect(error).toMatchObject({ ref })
    expect(error._tag).not.toBe("NotFound")
    expect(error.message).toContain("may cost money")
    expect(await machine()).toMatchObject({ goneAt: null })
  })

  test("is the end although another machine's row cannot be read", async () => {
    const { get } = await settled({ read: () => null, lists: () => cutOff([], "m2") })
    expect(await get()).toMatchObject({ status: "terminated" })
  })

  test("is no end while its marker is on another id", async () => {
    const { fails, provider, machine } = await settled({ read: () => null, lists: () => [{ id: "m9", state: "up" }] })
    const error = await fails(provider.get(ref))
    expect(error).toMatchObject({ leftovers: [new InstanceRef("test", "container", "m9")] })
    expect(await machine()).toMatchObject({ goneAt: null })
  })

  test("is an end when only a remnant of a double carries its marker", async () => {
    const { get } = await settled({ read: () => null, lists: () => [{ id: "m9", state: "ended" }] })
    expect(await get()).toMatchObject({ status: "terminated" })
  })

  test("of a machine that the list shows as ended is the end", async () => {
    const { get } = await settled({ read: () => null, lists: () => [{ id: "m1", state: "ended" }] })
    expect(await get()).toMatchObject({ status: "terminated" })
  })

  test("of a machine that nobody knows is NotFound, unless the list shows it", async () => {
    const { run, provider } = tinyCloud({ machines: () => [{ ...up, marker: null }], read: () => null })
    expect(await run(provider.get(ref))).toMatchObject({ status: "running" })
    const nobody = new InstanceRef("test", "container", "m2")
    expect(await run(Effect.flip(provider.get(nobody)))).toMatchObject({ _tag: "NotFound" })
  })

  test("once after a launch is not visible yet, seen before or not", async () => {
    for (const seen of [true, false]) {
      let lies = false
      const { run, provider } = tinyCloud({ machines: () => (lies ? [] : [up]) })
      lies = !seen
      await run(provider.launch({ offer, name: "job" }))
      lies = true
      expect(await run(provider.get(ref))).toMatchObject({ status: "pending", billing: "unknown" })
      lies = false
      expect(await run(provider.get(ref))).toMatchObject({ status: "running" })
    }
  })

  test("soon after its launch proves nothing, also while its end is asked for: the list may be from before", async () => {
    const busy = new Conflict({ message: "it cannot be ended yet", retry: "temporary" })
    let isHidden = false
    const { run, provider } = tinyCloud({
      machines: () => (isHidden ? [] : [up]),
      destroy: () => Effect.fail(busy),
      read: () => (isHidden ? null : up)
    })
    await run(provider.launch({ offer, name: "job" }))
    const ending = run(Effect.flip(provider.terminate(ref, { within: "1 minute" })))
    await run(Effect.sleep("2 seconds"))
    isHidden = true
    expect(await run(provider.get(ref))).toMatchObject({ reason: "not-visible-yet", billing: "unknown" })
    isHidden = false
    expect(await ending).toMatchObject({ leftovers: [ref] })
  })

  test("does not end a wait for a machine that boots", async () => {
    let reads = 0
    const { run, provider } = tinyCloud({
      machines: (now) => [{ id: "m1", state: now < 4 * minute ? "booting" : "up" }],
      read: (_, now) => (++reads % 3 === 0 ? null : { id: "m1", state: now < 4 * minute ? "booting" : "up" })
    })
    await run(provider.launch({ offer, name: "job" }))
    const waiting = waitForStatus(provider, ref, "running")
    expect(await run(waiting)).toMatchObject({ status: "running" })
    expect(await run(Effect.flip(waitUntilReady(provider, ref, { within: "5 seconds" })))).toMatchObject({
      _tag: "Timeout"
    })
  })
})

describe("an answer about another machine", () => {
  test("is BadResponse, and neither the machine nor its end", async () => {
    const { fails, provider, machine } = await settled({ read: () => ({ id: "m2", state: "ended" }) })
    expect(await fails(provider.get(ref))).toMatchObject({ _tag: "BadResponse", ref, path: "id" })
    expect(await fails(provider.terminate(ref))).toMatchObject({ leftovers: [ref] })
    expect(await machine()).toMatchObject({ goneAt: null })
  })
})

describe("a machine that shows again after its end was verified", () => {
  test("is not gone for the ledger any more", async () => {
    const { run, provider, get, machine } = await settled({
      machines: (now) => (now < 12 * minute ? [] : [up]),
      read: (_, now) => (now < 12 * minute ? null : up)
    })
    await run(provider.terminate(ref))
    expect(await machine()).toMatchObject({ goneAt: expect.any(Number) })
    await run(Effect.sleep("5 minutes"))
    await run(provider.list())
    expect(await machine()).toMatchObject({ goneAt: null })
    expect((await get()).status).not.toBe("terminated")
  })

  test("what remains of an ended one does not count", async () => {
    const { run, provider, machine } = await settled({
      machines: () => [{ id: "m1", state: "ended" }],
      read: () => ({ id: "m1", state: "ended" })
    })
    await run(provider.terminate(ref))
    await run(Effect.sleep("5 minutes"))
    await run(provider.list())
    await run(provider.get(ref))
    expect(await machine()).toMatchObject({ goneAt: expect.any(Number) })
  })
})

describe("an action on a machine that a read does not find", () => {
  test("is done where the list shows it, and NotFound where the list agrees", async () => {
    let stopped = 0
    const says = { read: () => null, operations: { stop: () => Effect.sync(() => void stopped++) } }
    const there = await settled(says)
    expect(await there.fails(stopOf(there.provider)(ref))).toMatchObject({ _tag: "IllegalAction", status: "running" })
    const gone = await settled({ ...says, lists: () => [] })
    expect(await gone.fails(stopOf(gone.provider)(ref))).toMatchObject({ _tag: "NotFound" })
    expect(stopped).toBe(0)
  })
})
