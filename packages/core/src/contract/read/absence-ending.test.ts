import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { BadResponse, type GpuError, InvalidRequest, NotFound, ProviderFault } from "../../errors.ts"
import { InstanceRef } from "../../model/ref.ts"
import { ref, settled, stopOf, up } from "../settled-cloud.test-support.ts"
import { offer, type TinyMachine, tinyCloud } from "../tiny-cloud.test-support.ts"
import { waitForStatus } from "../wait.ts"

const minute = 60_000
const down = new ProviderFault({ message: "the list is down", retry: "temporary" })

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

  test("that the cloud claims proves nothing while the list cannot be read", async () => {
    const { fails, provider, machine } = await settled({ read: () => null, lists: () => down })
    const error = await fails(provider.terminate(ref))
    expect(error).toMatchObject({ _tag: "Timeout", leftovers: [ref] })
    expect(error.message).toContain("the list is down")
    expect(await machine()).toMatchObject({ goneAt: null })
  })

  test("in words of the cloud that a machine does not exist proves nothing either", async () => {
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

  test("of a machine made a moment ago is not proven by one list: that may be from before it was made", async () => {
    let [asked, lists] = [0, 0]
    const { run, provider, ledger, now } = tinyCloud({
      // The first list after the claimed end is old, and those after it are not.
      machines: () => (asked === 0 || lists++ > 0 ? [up] : []),
      read: () => (asked === 0 ? up : null),
      destroy: () => Effect.sync(() => void asked++)
    })
    await run(provider.launch({ offer, name: "job" }))
    await run(provider.get(ref))
    const error = await run(Effect.flip(provider.terminate(ref, { within: "30 seconds" })))
    expect(error).toMatchObject({ _tag: "Timeout", leftovers: [ref] })
    expect(await run(ledger.machine(ref))).toMatchObject({ goneAt: null })
    expect(lists).toBeGreaterThan(1)
    expect(now()).toBeLessThan(minute)
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
