import { type AnyProvider, Listing, memoryLedger, money, ProviderFault } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { launchRecord, leaseWorld } from "../testing/leases.test-support.ts"
import { audit } from "./audit.ts"

const caught = (error: unknown) => error
const hour = 3_600_000

/** A world with two running machines, one of which this ledger did not launch. */
const shared = async () => {
  const world = leaseWorld()
  const { during, gpu, offers, ledger, clock } = world
  const [one, two] = await offers()
  if (!one || !two) throw new Error("too few offers")
  const theirs = await during(gpu.rent({ offer: one, name: "theirs", image: "ubuntu" }))
  Object.assign(ledger, memoryLedger())
  const ours = await during(gpu.rent({ offer: two, name: "ours", image: "ubuntu", ttl: "1 hour" }))
  await clock.advance(600_000)
  return { ...world, theirs, ours }
}

describe("an audit", () => {
  it("separates our machines from those of others, and sums what both cost", async () => {
    const { audit, ours, theirs, alive } = await shared()
    const found = await audit()
    expect(found).toMatchObject({
      claimed: [{ machine: { ref: ours.ref }, launch: { instanceId: ours.ref.id, state: "created" } }],
      unclaimed: [{ ref: theirs.ref, billing: "compute", pricePerHour: theirs.pricePerHour }],
      ...{ overdue: [], lost: [], unsettled: [], complete: true, problems: [] }
    })
    const both = (ours.pricePerHour?.micros ?? 0) + (theirs.pricePerHour?.micros ?? 0)
    expect(found.perHour).toEqual({
      all: [{ micros: both, currency: "USD" }],
      unclaimed: [theirs.pricePerHour],
      uncounted: []
    })
    expect(alive()).toHaveLength(2)
  })

  it("shows a lease that has run out, until it is swept", async () => {
    const { audit, ours, theirs, clock, sweep, alive } = await shared()
    expect((await audit()).overdue).toEqual([])
    await clock.advance(hour)
    expect((await audit()).overdue).toMatchObject([{ ref: ours.ref, machine: { ref: ours.ref, status: "running" } }])
    await sweep()
    expect(await audit()).toMatchObject({ ...{ claimed: [], overdue: [], lost: [] }, unclaimed: [{ ref: theirs.ref }] })
    expect(alive()).toHaveLength(1)
  })

  it("calls a machine lost that a complete list does not show, and only then", async () => {
    const { audit, ours, simulator, clock } = await shared()
    // Somebody ends it in the console.
    const headers = { authorization: `Bearer ${simulator.apiKey}` }
    await simulator.fetch(`https://console.vast.ai/api/v0/instances/${ours.ref.id}/`, { method: "DELETE", headers })
    const disarm = simulator.fault({
      on: { path: "/api/v1/instances/" },
      times: 100,
      do: { kind: "truncate" }
    })
    expect(await audit().catch(caught)).toMatchObject({ _tag: expect.any(String) })
    disarm()
    expect((await audit()).lost).toMatchObject([{ ref: ours.ref, launch: { name: "ours" } }])
    await clock.advance(hour)
    expect(await audit()).toMatchObject({ overdue: [], lost: [{ ref: ours.ref }] })
  })

  it("claims by its marker the machine of a launch whose outcome is not known", async () => {
    const { during, gpu, spec, ledger, audit } = leaseWorld()
    const settle = ledger.settleLaunch
    ledger.settleLaunch = () => Effect.fail(new ProviderFault({ message: "dead", retry: "permanent" }))
    await during(gpu.rent(await spec()).catch(caught))
    ledger.settleLaunch = settle
    const found = await audit()
    expect(found).toMatchObject({ unclaimed: [], unsettled: [{ state: "open" }] })
    expect(found.claimed).toMatchObject([{ launch: { marker: found.unsettled[0]?.marker } }])
  })
})

describe("an audit of several accounts", () => {
  type List = AnyProvider["list"]
  const other = (base: AnyProvider | undefined, list: List): AnyProvider => {
    if (!base) throw new Error("no provider")
    return { ...base, provider: "other", list }
  }
  const failing: List = () => Effect.fail(new ProviderFault({ message: "down", retry: "temporary" }))
  const launch = launchRecord("ag2222222222")

  it("concludes nothing of one that cannot be read, and all of the others", async () => {
    const { providers, ledger, run, during, ours, theirs } = await shared()
    await Effect.runPromise(ledger.openLaunch(launch))
    const found = await during(run(audit([other(providers[0], failing), ...providers], ledger), undefined))
    expect(found).toMatchObject({
      claimed: [{ machine: { ref: ours.ref } }],
      unclaimed: [{ ref: theirs.ref }],
      // By the ledger alone: whether it is still there cannot be seen.
      overdue: [{ ref: { provider: "other", id: "9" }, machine: null }],
      lost: [],
      complete: false,
      problems: [{ provider: "other", part: "all machines", error: { message: "down" } }]
    })
  })

  it("concludes nothing from a list that is not whole", async () => {
    const { providers, ledger, run, during } = await shared()
    await Effect.runPromise(ledger.openLaunch(launch))
    const error = new ProviderFault({ message: "page 2", retry: "temporary" })
    const problems = [{ provider: "other", part: "page 2", error }]
    const observedAt = DateTime.makeUnsafe(0)
    const partly: List = () => Effect.succeed(new Listing({ items: [], complete: false, observedAt, problems }))
    const whole: List = () => Effect.succeed(new Listing({ items: [], complete: true, observedAt, problems: [] }))
    const of = (list: List) => during(run(audit([other(providers[0], list), ...providers], ledger), undefined))
    expect(await of(partly)).toMatchObject({ lost: [], complete: false, problems })
    expect(await of(whole)).toMatchObject({ lost: [{ ref: { id: "9" } }], complete: true, overdue: [] })
  })

  it("says so when the ledger knows machines of a cloud that was not given", async () => {
    const { providers, ledger, run, during } = await shared()
    await Effect.runPromise(ledger.openLaunch(launch))
    const found = await during(run(audit(providers, ledger), undefined))
    expect(found).toMatchObject({
      complete: false,
      problems: [{ provider: "other", error: { _tag: "InvalidRequest" } }]
    })
  })

  it("fails when none can be read", async () => {
    const { providers, ledger, run } = await shared()
    const error = await run(audit([other(providers[0], failing)], ledger), undefined).catch(caught)
    expect(error).toMatchObject({ message: "down" })
  })

  it("keeps currencies apart, and names what it cannot count", async () => {
    const { providers, ledger, run, during, ours } = await shared()
    const like = (id: string, more: object) => ({
      ...ours,
      ref: { ...ours.ref, provider: "other", id },
      marker: null,
      ...more
    })
    const items = [
      like("1", { billing: "compute", pricePerHour: money(1, "USDC") }),
      like("2", { billing: "compute", pricePerHour: money(2, "USDC") }),
      like("3", { billing: "compute", pricePerHour: null }),
      like("4", { billing: "storage", pricePerHour: money(9) }),
      like("5", { billing: "unknown", pricePerHour: money(9) }),
      like("6", { billing: "none", pricePerHour: money(9) }),
      like("7", { billing: "compute", pricePerHour: money(9), status: "terminated" })
    ] as never
    const observedAt = DateTime.makeUnsafe(0)
    const list: List = () => Effect.succeed(new Listing({ items, complete: true, observedAt, problems: [] }))
    const { perHour, unclaimed } = await during(run(audit([other(providers[0], list)], ledger), undefined))
    expect(unclaimed.map(({ ref }) => ref.id)).toEqual(["1", "2", "3", "4", "5", "6"])
    expect(perHour).toMatchObject({ all: [money(3, "USDC")], unclaimed: [money(3, "USDC")] })
    expect(perHour.uncounted.map(({ id }) => id)).toEqual(["3", "4", "5"])
  })
})
