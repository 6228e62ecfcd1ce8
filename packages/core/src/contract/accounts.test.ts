import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { makeAccount } from "../adapter/account.ts"
import { Network, NotFound } from "../errors.ts"
import { memoryLedger } from "../ledger/memory.ts"
import { InstanceRef } from "../model/ref.ts"
import { offer, type TinyMachine, tinyCloud } from "./tiny-cloud.test-support.ts"

const spec = { offer, name: "job" }

/** One cloud with several accounts, each with machines of its own, and one ledger for all of their keys. */
const world = () => {
  const machines = new Map<string, Array<TinyMachine>>()
  const ended: string[] = []
  const ledger = memoryLedger()
  const time = { now: 0 }
  let made = 0
  let asked = 0
  /** A process with a key; `id`: what the cloud says of whose it is, null where it has no word for that. */
  const connect = (apiKey: string, owner: string, id: string | null = owner) => {
    const own = machines.get(owner) ?? []
    machines.set(owner, own)
    const identify = Effect.sync(() => {
      asked += 1
      return id ?? ""
    })
    return tinyCloud({
      time,
      ledger,
      account: makeAccount({ provider: "test", apiKey, ...(id !== null && { identify }) }),
      machines: () => own.filter((machine) => !ended.includes(machine.id)),
      create: ({ marker }) =>
        Effect.sync(() => {
          const machine: TinyMachine = { id: `m${++made}`, state: "up", marker }
          own.push(machine)
          return machine.id
        }),
      destroy: (id) => {
        if (!own.some((machine) => machine.id === id && !ended.includes(id))) {
          return Effect.fail(new NotFound({ message: "no such machine", retry: "permanent" }))
        }
        return Effect.sync(() => void ended.push(id))
      }
    })
  }
  const alive = () => [...machines.values()].flat().filter(({ id }) => !ended.includes(id))
  return { connect, ledger, alive, machines, time, asked: () => asked }
}

const failing = <A>(effect: Effect.Effect<A, unknown>) => Effect.flip(effect)

describe("a machine of another account, as the cloud says", () => {
  const launched = async () => {
    const all = world()
    const [mine, other] = [all.connect("key-a", "alice"), all.connect("key-b", "bob")]
    const { ref } = await mine.run(mine.provider.launch(spec))
    all.time.now += 600_000
    return { ...all, mine, other, ref }
  }

  test("is not ended, and never said to be gone", async () => {
    const { other, ref, alive, ledger, run } = await launched().then((all) => ({ ...all, run: all.other.run }))
    for (const call of [other.provider.terminate(ref), other.provider.get(ref)]) {
      const error = await run(failing(call as Effect.Effect<unknown, unknown>))
      expect(error).toMatchObject({
        _tag: "PermissionDenied",
        message: expect.stringContaining("another account of test (alice)")
      })
    }
    expect(await run(failing(other.provider.terminate(ref, { account: "same" })))).toMatchObject({
      _tag: "PermissionDenied"
    })
    expect(alive()).toHaveLength(1)
    expect(await run(ledger.machine(ref))).toMatchObject({ goneAt: null, intent: { action: "launch" } })
  })

  test("is ended by its own key, and gone for both after that", async () => {
    const { mine, other, ref, alive } = await launched()
    expect(await mine.run(mine.provider.terminate(ref))).toMatchObject({ alreadyGone: false })
    expect(alive()).toEqual([])
    expect(await other.run(other.provider.get(ref))).toMatchObject({ status: "terminated" })
  })

  test("is of the same account under a renewed key, and gone when that does not show it", async () => {
    const { connect, mine, ref, asked } = await launched()
    const renewed = connect("key-a2", "alice")
    const before = asked()
    expect((await renewed.run(renewed.provider.get(ref))).status).toBe("running")
    expect(asked()).toBe(before)
    await mine.run(mine.provider.terminate(ref))
    expect(await renewed.run(renewed.provider.terminate(ref))).toMatchObject({ alreadyGone: true })
  })

  test("costs no request of its own as long as the key is the same", async () => {
    const { mine, ref, asked, connect } = await launched()
    expect(asked()).toBe(1)
    await mine.run(mine.provider.terminate(ref))
    const again = connect("key-a", "alice")
    await again.run(again.provider.get(ref))
    await again.run(again.provider.terminate(ref))
    expect(asked()).toBe(1)
  })
})

describe("a machine launched with another key of a cloud that has no word for whose it is", () => {
  const launched = async () => {
    const all = world()
    const mine = all.connect("key-a", "alice", null)
    const { ref } = await mine.run(mine.provider.launch(spec))
    all.time.now += 600_000
    return { ...all, mine, ref }
  }

  test("is not said to be gone, unless a person says that the key was renewed", async () => {
    const { connect, ref, alive } = await launched()
    const other = connect("key-b", "bob", null)
    const error = await other.run(failing(other.provider.terminate(ref)))
    expect(error).toMatchObject({ _tag: "PermissionDenied", message: expect.stringContaining("--same-account") })
    expect(alive()).toHaveLength(1)
    expect(await other.run(other.provider.terminate(ref, { account: "same" }))).toMatchObject({ alreadyGone: true })
  })

  test("is ended with a renewed key that shows it, and of that key from then on", async () => {
    const { connect, ref, alive, ledger, mine } = await launched()
    const renewed = connect("key-a2", "alice", null)
    await renewed.run(renewed.provider.get(ref))
    expect((await renewed.run(ledger.machine(ref)))?.account).toMatch(/^keys=[0-9a-f]{12},[0-9a-f]{12}$/)
    await mine.run(mine.provider.get(ref))
    expect(await renewed.run(renewed.provider.terminate(ref))).toMatchObject({ alreadyGone: false })
    expect(alive()).toEqual([])
  })
})

test("machines that others launched are known with the account that showed them", async () => {
  const { connect, machines, ledger, alive } = world()
  const [mine, other] = [connect("key-a", "alice"), connect("key-b", "bob")]
  machines.get("alice")?.push({ id: "theirs", state: "up" })
  await mine.run(mine.provider.list())
  const ref = new InstanceRef("test", "container", "theirs")
  expect((await mine.run(ledger.machine(ref)))?.account).toMatch(/keys=/)
  expect(await other.run(failing(other.provider.terminate(ref)))).toMatchObject({ _tag: "PermissionDenied" })
  expect(alive()).toHaveLength(1)
})

test("a launch of another account is not settled by this one's lists", async () => {
  const { connect, ledger, time, machines } = world()
  const [mine, other] = [connect("key-a", "alice"), connect("key-b", "bob")]
  const open = await mine.run(
    ledger.openLaunch({
      ...{
        marker: "agaaaaaaaaaa",
        key: "nightly",
        idempotencyKey: "i",
        provider: "test",
        kind: "container",
        name: "job"
      },
      ...{
        offerId: "o1",
        pricePerHour: null,
        spec: {},
        at: 0,
        state: "open",
        instanceId: null,
        note: null,
        leaseUntil: null
      },
      ...{ sentAfter: 0, owner: "dead", fence: 1 },
      account: "id=alice keys=000000000000"
    })
  )
  machines.get("alice")?.push({ id: "m1", state: "up", marker: open.marker })
  time.now += 600_000
  expect(await other.run(other.provider.recover())).toMatchObject({
    adopted: [],
    absent: [],
    unsettled: [{ marker: open.marker }]
  })
  const error = await other.run(failing(other.provider.launch({ ...spec, key: "nightly" })))
  expect(error).toMatchObject({ _tag: "LaunchUnsettled", message: expect.stringContaining("another account") })
  expect(await mine.run(mine.provider.recover())).toMatchObject({ adopted: [{ ref: { id: "m1" } }] })
})

test("where the cloud cannot say whose a key is, a launch is written down with the key alone", async () => {
  const ledger = memoryLedger()
  const identify = Effect.fail(new Network({ message: "down", retry: "temporary", sent: "no" }))
  const { provider, run } = tinyCloud({
    ledger,
    account: makeAccount({ provider: "test", apiKey: "key-a", identify }),
    machines: () => [{ id: "m1", state: "up" }]
  })
  await run(provider.launch(spec))
  expect(await run(ledger.launches())).toMatchObject([{ account: expect.stringMatching(/^keys=[0-9a-f]{12}$/) }])
})
