import { CurrentLedger, clockFrom, type GpuError, isReady, memoryLedger, money, NoCapacity } from "@anygpu/core"
import { createClock } from "@anygpu/simulators"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { memoryCloud } from "./index.ts"

const hour = 3_600_000

const setUp = (...given: Parameters<typeof memoryCloud>) => {
  const clock = createClock()
  const ledger = memoryLedger()
  const cloud = memoryCloud(...given)
  const { machines } = cloud
  const run = <A>(effect: Effect.Effect<A, GpuError>): Promise<A> =>
    effect.pipe(
      Effect.provideService(CurrentLedger, ledger),
      Effect.provideService(Clock.Clock, clockFrom(clock)),
      Effect.runPromise
    )
  const rent = async (gpu = "RTX 4090") => {
    const [offer] = await run(machines.offers({ gpu }))
    if (!offer) throw new Error("no offer")
    return run(machines.launch({ offer, name: "job", os: "ubuntu", ports: [{ port: 8000 }] }))
  }
  return { clock, cloud, machines, run, rent }
}

describe("a cloud in memory", () => {
  test("boots a machine in a minute, and charges it by the second until its end", async () => {
    const { clock, cloud, machines, run, rent } = setUp()
    const { ref, pricePerHour: price } = await rent()
    expect(price).toEqual(money("0.40"))
    expect(isReady(await run(machines.get(ref)))).toBe(false)
    await clock.sleep(60_000)
    const up = await run(machines.get(ref))
    expect(isReady(up)).toBe(true)
    expect(up.endpoints.ports).toMatchObject([{ port: 8000, externalPort: 8000 }])
    await clock.sleep(2 * hour - 60_000)
    await run(machines.terminate(ref))
    expect(cloud.alive()).toEqual([])
    const { madeAt = 0, endedAt } = cloud.truth()[0] ?? {}
    expect(endedAt).toBe(madeAt + 2 * hour)
    expect(cloud.costOf(ref.id, clock.now() + 5 * hour)).toEqual(money("0.80"))
    expect((await run(machines.balance())).available).toEqual(money("999.20"))
  })

  test("costs nothing while it is stopped, and boots again", async () => {
    const { clock, cloud, machines, run, rent } = setUp()
    const { ref } = await rent()
    await clock.sleep(hour)
    await run(machines.stop(ref))
    await clock.sleep(3 * hour)
    expect(cloud.costOf(ref.id, clock.now())).toEqual(money("0.40"))
    await run(machines.start(ref))
    expect(cloud.stateOf(ref.id, clock.now())).toBe("booting")
    await clock.sleep(hour)
    expect(cloud.costOf(ref.id, clock.now())).toEqual(money("0.80"))
  })

  test("loses an answer: the machine is found again, and there is one", async () => {
    const { cloud, rent } = setUp()
    cloud.fail("create", "answer-lost")
    const { ref } = await rent()
    expect(cloud.alive().map(({ id }) => id)).toEqual([ref.id])
    expect(cloud.calls().filter(({ call }) => call === "create")).toHaveLength(1)
  })

  test("answers an end that does nothing: it is asked again", async () => {
    const { cloud, machines, run, rent } = setUp()
    const { ref } = await rent()
    cloud.fail("destroy", "ignored")
    await run(machines.terminate(ref))
    expect(cloud.alive()).toEqual([])
    expect(cloud.calls().filter(({ call }) => call === "destroy").length).toBeGreaterThan(1)
  })

  test("fails as often as a test says, and not once it takes that back", async () => {
    const { cloud, machines, run, rent } = setUp()
    const gone = new NoCapacity({ message: "taken", retry: "permanent" })
    cloud.fail("create", gone)
    await expect(rent()).rejects.toThrow(/taken/)
    const heal = cloud.fail("create", gone, Number.POSITIVE_INFINITY)
    heal()
    await rent()
    expect((await run(machines.list())).items).toHaveLength(1)
  })

  test("takes a machine away, fails a boot, and says why", async () => {
    const { clock, cloud, machines, run, rent } = setUp()
    const first = await rent()
    cloud.failBoot(first.ref.id, "no such image")
    expect(await run(machines.get(first.ref))).toMatchObject({ status: "failed", said: "no such image" })
    const second = await rent("H100")
    await clock.sleep(hour)
    cloud.take(second.ref.id, clock.now())
    expect(await run(machines.get(second.ref))).toMatchObject({ status: "interrupted", billing: "none" })
    await clock.sleep(hour)
    expect(cloud.costOf(second.ref.id, clock.now())).toEqual(money("2.50"))
  })

  test("rents out what a test says, while the account pays for an hour", async () => {
    const { cloud, machines, run, rent } = setUp({
      name: "acme",
      kind: "container",
      credit: money(1),
      offers: [{ id: "a", perHour: "1.50", gpu: "A100", country: "US" }]
    })
    const [offer] = await run(machines.offers({ countries: ["US"] }))
    expect(offer).toMatchObject({ provider: "acme", kind: "container", pricePerHour: money("1.50") })
    await expect(rent("A100")).rejects.toThrow(/add credit/)
    cloud.setOffers([])
    expect((await run(machines.offers())).items).toEqual([])
    if (offer) await expect(run(machines.launch({ offer, name: "late", image: "x" }))).rejects.toThrow(/gone/)
  })

  test("names what it knows when it is asked about another machine", () => {
    const { cloud } = setUp()
    expect(() => cloud.failBoot("m-7")).toThrow(/memory has made no machine m-7: it has none/)
  })
})
