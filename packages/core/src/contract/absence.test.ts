import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { BadResponse, type GpuError, InvalidRequest, NotFound, ProviderFault } from "../errors.ts"
import { Listing } from "../model/listing.ts"
import { InstanceRef } from "../model/ref.ts"
import type { OptionalOps } from "./ops.ts"
import { offer, type TinyMachine, tinyCloud } from "./tiny-cloud.test-support.ts"
import { waitForStatus, waitUntilReady } from "./wait.ts"

const ref = new InstanceRef("test", "container", "m1")
const up: TinyMachine = { id: "m1", state: "up" }
const minute = 60_000
const down = new ProviderFault({ message: "the list is down", retry: "temporary" })

/** The stop of a cloud that was given one. */
const stopOf = (provider: object): OptionalOps<"test", "container">["stop"] =>
  (provider as Pick<OptionalOps<"test", "container">, "stop">).stop

/** A list of these rows of which one more could not be read. */
const cutOff = (items: ReadonlyArray<TinyMachine>, id?: string) =>
  new Listing({
    items,
    complete: false,
    observedAt: DateTime.makeUnsafe(0),
    problems: [{ provider: "test", part: "instances[1]", error: down, ...(id !== undefined && { id }) }]
  })

type Says = Partial<Parameters<typeof tinyCloud>[0]>

/** A cloud whose machine was launched long ago and seen, and that says from then on what a test wants. */
const settled = async (says: Says) => {
  let lies: Says = {}
  const world = tinyCloud({
    machines: (now) => lies.machines?.(now) ?? [up],
    read: (id, now) => (lies.read ? lies.read(id, now) : id === "m1" ? up : null),
    lists: (now) => (lies.lists ? lies.lists(now) : (lies.machines?.(now) ?? [up])),
    destroy: (id, now) => lies.destroy?.(id, now) ?? Effect.void,
    ...(says.kindOf && { kindOf: says.kindOf }),
    ...(says.operations && { operations: says.operations })
  })
  await world.run(world.provider.launch({ offer, name: "job" }))
  await world.run(Effect.sleep("10 minutes"))
  await world.run(world.provider.get(ref))
  lies = says
  const { provider, run, ledger } = world
  return {
    ...world,
    get: () => run(provider.get(ref)),
    fails: (effect: Effect.Effect<unknown, GpuError>) => run(Effect.flip(effect)),
    machine: () => run(ledger.machine(ref))
  }
}

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

describe("an end", () => {
  test("that the cloud claims, with reads that find nothing, is a Timeout while the list shows the machine", async () => {
    let asked = 0
    const { fails, provider, machine } = await settled({
      read: () => null,
      destroy: () => Effect.sync(() => void asked++)
    })
    const error = await fails(provider.terminate(ref))
    expect(error).toMatchObject({ _tag: "Timeout", leftovers: [ref] })
    expect(asked).toBeGreaterThan(2)
    expect(await machine()).toMatchObject({ goneAt: null })
  })

  test("that the cloud claims is none while the list cannot be read", async () => {
    const { fails, provider, machine } = await settled({ read: () => null, lists: () => down })
    const error = await fails(provider.terminate(ref))
    expect(error).toMatchObject({ _tag: "Timeout", leftovers: [ref] })
    expect(error.message).toContain("the list is down")
    expect(await machine()).toMatchObject({ goneAt: null })
  })

  test("in words of the cloud that a machine does not exist is none either", async () => {
    const missing = Effect.fail(new NotFound({ message: "no_such_instance", retry: "permanent" }))
    const { fails, provider, machine } = await settled({ read: () => null, destroy: () => missing })
    expect(await fails(provider.terminate(ref))).toMatchObject({ _tag: "Timeout", leftovers: [ref] })
    expect(await machine()).toMatchObject({ goneAt: null })
  })

  test("is verified when the lies end", async () => {
    let ended = false
    const { run, provider } = await settled({
      machines: () => (ended ? [] : [up]),
      read: () => null,
      destroy: (_, now) =>
        Effect.sync(() => {
          ended = now > 11 * minute
        })
    })
    expect(await run(provider.terminate(ref))).toMatchObject({ alreadyGone: false })
    expect(ended).toBe(true)
  })

  test("goes on while reads fail for a moment, once it was taken", async () => {
    let ended = false
    const { run, provider } = await settled({
      machines: () => (ended ? [] : [up]),
      read: (_, now) => (now < 11 * minute ? down : ended ? null : up),
      destroy: () =>
        Effect.sync(() => {
          ended = true
        })
    })
    expect(await run(provider.terminate(ref))).toMatchObject({ alreadyGone: false })
  })
})

describe("a second end that the cloud refuses", () => {
  const refusals = [
    InvalidRequest.of("", "400: it is being ended"),
    new ProviderFault({ message: "500", retry: "exhausted" }),
    new BadResponse({ message: "a web page", retry: "temporary", path: "" })
  ]

  test.each(refusals)("($_tag) does not end the wait", async (refusal) => {
    let asked = 0
    const { run, provider } = await settled({
      machines: (now) => (now < 11 * minute ? [up] : []),
      read: (_, now) => (now < 11 * minute ? up : null),
      destroy: () => (asked++ === 0 ? Effect.void : Effect.fail(refusal))
    })
    expect(await run(provider.terminate(ref))).toMatchObject({ alreadyGone: false })
    expect(asked).toBeGreaterThan(1)
  })

  test.each(refusals)("($_tag) in another call does not either", async (refusal) => {
    let asked = 0
    const { run, provider, fails } = await settled({
      machines: (now) => (now < 13 * minute ? [up] : []),
      read: (_, now) => (now < 13 * minute ? up : null),
      destroy: () => (asked++ === 0 ? Effect.void : Effect.fail(refusal))
    })
    expect(await fails(provider.terminate(ref, { within: "30 seconds" }))).toMatchObject({ _tag: "Timeout" })
    expect(await run(provider.terminate(ref, { within: "5 minutes" }))).toMatchObject({ ref })
  })

  test("a first one that is refused is the caller's to know, with the machine", async () => {
    const { fails, provider } = await settled({ destroy: () => Effect.fail(InvalidRequest.of("", "400")) })
    expect(await fails(provider.terminate(ref))).toMatchObject({ _tag: "InvalidRequest", leftovers: [ref] })
  })
})

describe("a word for the end that no table knows", () => {
  const remains: TinyMachine = { id: "m1", state: "destroyed" }

  test("is the end when the list lacks the machine, for get and for waiting too", async () => {
    let ended = false
    const { run, provider, get, machine } = await settled({
      machines: () => (ended ? [] : [up]),
      read: () => (ended ? remains : up),
      destroy: () =>
        Effect.sync(() => {
          ended = true
        })
    })
    expect(await run(provider.terminate(ref))).toMatchObject({ alreadyGone: false })
    expect(await get()).toMatchObject({ status: "terminated", billing: "none" })
    expect(await run(waitForStatus(provider, ref, "terminated"))).toMatchObject({ status: "terminated" })
    expect(await machine()).toMatchObject({ goneAt: expect.any(Number) })
  })

  test("is a Timeout while the list shows the machine", async () => {
    const { fails, provider, machine } = await settled({ machines: () => [remains], read: () => remains })
    expect(await fails(provider.terminate(ref))).toMatchObject({ _tag: "Timeout", leftovers: [ref] })
    expect(await machine()).toMatchObject({ goneAt: null })
  })

  test("says nothing about a machine whose end nobody asked for", async () => {
    const { get } = await settled({ lists: () => [], read: () => remains })
    expect(await get()).toMatchObject({ status: "unknown" })
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

describe("a machine of another kind under a shared id", () => {
  const wrong = new InstanceRef("test", "container", "v1")
  const virtual: TinyMachine = { id: "v1", state: "up", marker: null }
  const sharing = (asked: { count: number }, read: () => TinyMachine | null = () => virtual) =>
    settled({
      kindOf: ({ id }) => (id.startsWith("v") ? "vm" : "container"),
      read,
      lists: () => [up, virtual],
      destroy: () => Effect.sync(() => void asked.count++),
      operations: { stop: () => Effect.sync(() => void asked.count++) }
    })

  test.each([
    ["as it is read", virtual],
    ["as the list shows it, whatever a read says", null]
  ])("is not ended, nor stopped, and the right ref is named: %s", async (_, row) => {
    const asked = { count: 0 }
    const { fails, provider } = await sharing(asked, () => row)
    const calls: ReadonlyArray<Effect.Effect<unknown, GpuError>> = [
      provider.terminate(wrong),
      provider.get(wrong),
      stopOf(provider)(wrong)
    ]
    for (const call of calls) {
      const error = await fails(call)
      expect(error).toMatchObject({ _tag: "NotFound", ref: wrong })
      expect(error.message).toContain("test/vm/v1")
      expect(error.leftovers ?? []).toEqual([])
    }
    expect(asked.count).toBe(0)
  })

  test("and one that nobody has is gone without a request for its end", async () => {
    const asked = { count: 0 }
    const { run, provider } = await sharing(asked, () => null)
    const nobody = new InstanceRef("test", "container", "m7")
    expect(await run(provider.terminate(nobody))).toMatchObject({ alreadyGone: true })
    expect(asked.count).toBe(0)
  })

  test("a machine that this ledger launched is ended, whatever its row looks like", async () => {
    let ended = false
    const { run, provider } = await settled({
      kindOf: () => "vm",
      machines: () => (ended ? [] : [up]),
      read: () => (ended ? null : up),
      destroy: () =>
        Effect.sync(() => {
          ended = true
        })
    })
    expect(await run(provider.terminate(ref))).toMatchObject({ alreadyGone: false })
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
