import * as Effect from "effect/Effect"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { Network, ProviderFault } from "../errors.ts"
import type { Ledger } from "../ledger/ledger.ts"
import { memoryLedger } from "../ledger/memory.ts"
import { awake, freezeAt, type Step, sharedCloud, steps } from "./fence.test-support.ts"
import { EarlierMachine } from "./launch/earlier-machine.ts"
import { offer, tinyCloud } from "./tiny-cloud.test-support.ts"

const spec = { offer, name: "job", key: "nightly" }
const keyless = { offer, name: "job" }
/** Where no look at the ledger can stop it any more. */
const isGap = (step: Step) => step === "with its request in the network"
const isSent = (step: Step) => steps.indexOf(step) > steps.indexOf("with its request in the network")

describe.each(steps)("a process that is frozen %s, while another one launches under its key", (step) => {
  test("one machine, and both know it", async () => {
    const cloud = sharedCloud()
    const sleeper = freezeAt(step)
    const one = cloud.start(sleeper.pace)
    const first = one.run(one.provider.launch(spec))
    await sleeper.reached
    const two = cloud.start(awake)
    const second = await two.run(two.provider.launch(spec))
    sleeper.thaw()
    expect((await first).ref.id).toBe(second.ref.id)
    expect(cloud.alive().map(({ id }) => id)).toEqual([second.ref.id])
    expect(cloud.creates).toHaveLength(isGap(step) ? 2 : 1)
  })

  test("it says that the machine is of another call, so that nobody ends it for this one", async () => {
    const cloud = sharedCloud()
    const sleeper = freezeAt(step)
    const one = cloud.start(sleeper.pace)
    const heard: string[] = []
    const first = one.run(
      Effect.provideService(one.provider.launch(spec), EarlierMachine, (ref) => void heard.push(String(ref)))
    )
    await sleeper.reached
    const two = cloud.start(awake)
    await two.run(two.provider.launch(spec))
    sleeper.thaw()
    const { ref } = await first
    // What it had made itself, and the other one found, is its own.
    expect(heard).toEqual(isSent(step) ? [] : [String(ref)])
  })

  test("one machine also where the other one's is ended by now: nothing is sent under a key that was used", async () => {
    const cloud = sharedCloud()
    const sleeper = freezeAt(step)
    const one = cloud.start(sleeper.pace)
    const first = one.run(Effect.result(one.provider.launch(spec)))
    await sleeper.reached
    const two = cloud.start(awake)
    const { ref } = await two.run(two.provider.launch(spec))
    await two.run(two.provider.terminate(ref))
    sleeper.thaw()
    const answer = await first
    expect(cloud.alive()).toEqual([])
    expect(answer).toMatchObject({ _tag: "Success", success: { ref, status: "terminated" } })
  })

  test("given up by recover() and never launched again: it sends nothing, and keeps what it had sent", async () => {
    const cloud = sharedCloud()
    const sleeper = freezeAt(step)
    const one = cloud.start(sleeper.pace)
    const first = one.run(Effect.result(one.provider.launch(keyless)))
    await sleeper.reached
    const two = cloud.start(awake)
    cloud.time.now += 10 * 60_000
    const { adopted, absent } = await two.run(two.provider.recover())
    sleeper.thaw()
    const answer = await first
    if (isSent(step)) {
      expect(adopted.map(({ ref }) => ref.id)).toEqual(["m1"])
      expect(answer).toMatchObject({ _tag: "Success", success: { ref: { id: "m1" } } })
    } else {
      expect(absent).toHaveLength(1)
      const gap = { _tag: "Success", success: { ref: { id: "m1" } } }
      const lost = {
        _tag: "Failure",
        failure: { _tag: "Conflict", message: expect.stringContaining("nothing was sent") }
      }
      expect(answer).toMatchObject(isGap(step) ? gap : lost)
      expect(cloud.creates).toHaveLength(isGap(step) ? 1 : 0)
    }
  })
})

describe("a machine that comes when its launch had been given up", () => {
  /** A launch whose machine comes after another one was made under its key, by a process that never wakes again. */
  const late = async (ledger: Ledger = memoryLedger()) => {
    const cloud = sharedCloud(ledger)
    const sleeper = freezeAt("with its request in the network")
    const silent = freezeAt("with its answer in the network")
    const one = cloud.start(async (step) => {
      await sleeper.pace(step)
      await silent.pace(step)
    })
    void one.run(one.provider.launch(spec))
    await sleeper.reached
    const two = cloud.start(awake)
    const kept = await two.run(two.provider.launch(spec))
    sleeper.thaw()
    await silent.reached
    expect(cloud.alive()).toHaveLength(2)
    return { ...cloud, ...two, kept, silent }
  }

  test("is ended by recover(), which names it; the other one stays", async () => {
    const { run, provider, alive, kept } = await late()
    const { late: found, adopted } = await run(provider.recover())
    expect(found).toMatchObject([{ ref: { id: "m2" }, error: null, ended: { ref: { id: "m2" } } }])
    expect(adopted).toEqual([])
    expect(alive().map(({ id }) => id)).toEqual([kept.ref.id])
  })

  test("is named by the ledger afterwards, also where that could not be written for a moment", async () => {
    const full = new ProviderFault({ message: "disk is full", retry: "temporary" })
    const memory = memoryLedger()
    let failures = 0
    const settleLaunch: Ledger["settleLaunch"] = (marker, outcome) =>
      Effect.suspend(() => (failures-- > 0 ? Effect.fail(full) : memory.settleLaunch(marker, outcome)))
    const { run, provider } = await late({ ...memory, settleLaunch })
    failures = 1
    await run(provider.recover())
    expect(await run(memory.launches({ states: ["refused"] }))).toMatchObject([{ instanceId: "m2" }])
  })

  test("is ended by its own process too, if that wakes after all", async () => {
    const { silent, alive, kept, run, provider, ledger } = await late()
    silent.thaw()
    while (alive().length > 1) await new Promise((turn) => setImmediate(turn))
    expect(alive().map(({ id }) => id)).toEqual([kept.ref.id])
    await run(Effect.yieldNow)
    expect((await run(provider.recover())).late).toEqual([])
    expect(await run(ledger.launches({ states: ["refused"] }))).toMatchObject([{ instanceId: "m2", owner: null }])
  })

  test("is looked for during 30 days, and not for ever", async () => {
    const { run, provider, time, alive } = await late()
    time.now += 31 * 24 * 3_600_000
    expect((await run(provider.recover())).late).toEqual([])
    expect(alive()).toHaveLength(2)
  })
})

test("a launch counts from when it is sent: who waits for its machine gives it the whole time from then on", async () => {
  const cloud = sharedCloud()
  const sleeper = freezeAt("after it wrote its launch")
  const sent = freezeAt("with its request in the network")
  const one = cloud.start(async (step) => {
    await sleeper.pace(step)
    await sent.pace(step)
  })
  const first = one.run(one.provider.launch(spec))
  await sleeper.reached
  cloud.time.now += 100_000
  sleeper.thaw()
  await sent.reached
  const two = cloud.start(awake)
  cloud.time.now += 100_000
  const { unsettled } = await two.run(two.provider.recover())
  expect(unsettled).toMatchObject([{ at: 0, sentAfter: 100_000, state: "open" }])
  sent.thaw()
  await first
  expect(cloud.creates).toHaveLength(1)
})

test("whatever the order of what several processes do with one key: one machine, and all know it or say that it was ended", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (scheduler, callers) => {
      const cloud = sharedCloud()
      const launches = Array.from({ length: callers }, () => {
        const { run, provider } = cloud.start((step) => scheduler.schedule(Promise.resolve(), step))
        return run(Effect.result(provider.launch(spec)))
      })
      const answers = await scheduler.waitFor(Promise.all(launches))
      const known = answers.map((answer) =>
        answer._tag === "Success" ? answer.success.ref.id : `${answer.failure._tag}: ${answer.failure.message}`
      )
      const [machine, ...more] = cloud.alive().map(({ id }) => id)
      expect(more).toEqual([])
      for (const answer of known) {
        if (answer !== machine) expect(answer).toMatch(/^Conflict: .* that came of it was ended again/)
      }
    }),
    { numRuns: 200 }
  )
})

test("a claim that takes long moves the time until which the machine may come: it is found, and not asked for again", async () => {
  const time = { now: 0 }
  const ledger = memoryLedger()
  const lost = new Network({ message: "no answer", retry: "temporary", sent: "maybe" })
  const { provider, run } = tinyCloud({
    time,
    // The request left at 200 seconds, and takes effect 110 seconds later, within the two minutes of a create.
    machines: (now) => (now >= 310_000 ? [{ id: "m1", state: "up" }] : []),
    create: () =>
      Effect.suspend(() => {
        time.now += 30_000
        return Effect.fail(lost)
      }),
    ledger: {
      ...ledger,
      claimLaunch: (...claim) =>
        Effect.suspend(() => {
          time.now += 200_000
          return ledger.claimLaunch(...claim)
        })
    }
  })
  expect((await run(provider.launch(spec))).ref.id).toBe("m1")
})

test.each(["before it claims it", "after its last look"] as const)(
  "a process that is frozen %s sends its request late: who launches under its key waits for it from then on",
  async (step) => {
    const cloud = sharedCloud()
    const claim = freezeAt(step)
    const request = freezeAt("with its request in the network")
    const one = cloud.start((step) => Promise.all([claim.pace(step), request.pace(step)]))
    const first = one.run(one.provider.launch(spec))
    await claim.reached
    cloud.time.now += 10 * 60_000
    claim.thaw()
    await request.reached
    const two = cloud.start(awake)
    const second = two.run(two.provider.launch(spec))
    request.thaw()
    expect((await first).ref.id).toBe((await second).ref.id)
    expect(cloud.creates).toHaveLength(1)
  }
)
