import {
  type AnyProvider,
  Conflict,
  type InstanceRef,
  type Ledger,
  memoryLedger,
  NotFound,
  ProviderFault
} from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { launchRecord, leaseWorld } from "../testing/leases.test-support.ts"
import { sweep } from "./sweep.ts"

const caught = (error: unknown) => error
const down = { kind: "status", status: 500, text: "down" } as const
const hour = 3_600_000
const nothing = { ended: [], failed: [], underWay: [], kept: [], problems: [] }

/** A world in which a machine was launched for an hour, by a process that does not look after it any more. */
const leased = async (ttl: "1 hour" | "1 minute" = "1 hour") => {
  const world = leaseWorld()
  const good = { ...(await world.spec()), ttl }
  const machine = await world.during(world.gpu.rent(good))
  return { ...world, good, machine, ref: machine.ref }
}

describe("a sweep", () => {
  it("ends what has run out, and nothing else", async () => {
    const { clock, sweep, alive, ref, gpu, offers, during } = await leased()
    const [, other, third] = await offers()
    if (!other || !third) throw new Error("too few offers")
    const ordinary = await during(gpu.rent({ offer: other, name: "ordinary", image: "ubuntu" }))
    const longer = await during(gpu.rent({ offer: third, name: "longer", image: "ubuntu", ttl: "9 hours" }))
    expect(await sweep()).toMatchObject({ ended: [], failed: [], kept: [{ ref }, { ref: longer.ref }] })
    await clock.advance(hour)
    const { ended, failed, kept } = await sweep()
    expect({ ended, failed }).toMatchObject({ ended: [{ ref, alreadyGone: false }], failed: [] })
    expect(kept).toMatchObject([{ ref: longer.ref, marker: longer.marker }])
    expect(alive().map(({ id }) => String(id))).toEqual([ordinary.ref.id, longer.ref.id])
  })

  it("that is repeated asks for one list for a day, and nothing of what it has ended", async () => {
    const { clock, sweep, simulator } = await leased()
    await clock.advance(hour)
    await sweep()
    const asked = simulator.requests().length
    expect(await sweep()).toEqual(nothing)
    const since = simulator.requests().slice(asked)
    expect(since.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /api/v1/instances/?limit=25"])
    await clock.advance(24 * hour)
    expect(await sweep()).toEqual(nothing)
    expect(simulator.requests()).toHaveLength(asked + 1)
  })

  it("asks nothing of what was ended by hand, after it has been verified once", async () => {
    const { clock, sweep, simulator, gpu, ref, during } = await leased()
    await during(gpu.terminate(ref))
    await clock.advance(hour)
    const asked = simulator.requests().length
    expect(await sweep()).toEqual(nothing)
    const since = simulator.requests().slice(asked)
    expect(since.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /api/v1/instances/?limit=25"])
  })

  it("does not believe that a machine is gone because one look did not find it", async () => {
    const { clock, sweep, simulator, gpu, ref, during, alive } = await leased()
    const show = { method: "GET", path: "/api/v0/instances/{id}/" }
    simulator.fault({ on: show, do: { kind: "status", status: 200, json: { instances: null } } })
    expect(await during(gpu.get(ref))).not.toMatchObject({ status: "terminated" })
    await clock.advance(hour)
    expect(await sweep()).toMatchObject({ ended: [{ ref }] })
    expect(alive()).toHaveLength(0)
  })

  it("finds the machine of a launch whose answer was lost with its process, and ends it", async () => {
    const { ledger, clock, gpu, sweep, alive, spec, simulator, during } = leaseWorld()
    const good = { ...(await spec()), ttl: "10 minutes" as const }
    const settle = ledger.settleLaunch
    // The process that launched did not live to note anything.
    ledger.settleLaunch = () => Effect.fail(new ProviderFault({ message: "dead", retry: "permanent" }))
    await during(gpu.rent(good).catch(caught))
    ledger.settleLaunch = settle
    expect(alive()).toHaveLength(1)
    expect(await sweep()).toMatchObject({ kept: [{ ref: null, marker: expect.stringMatching(/^ag/) }] })
    await clock.advance(600_000)
    const id = String(simulator.machines()[0]?.id)
    expect(await sweep()).toMatchObject({ ended: [{ ref: { id } }], failed: [] })
    expect(alive()).toHaveLength(0)
  })

  it("is stopped by no cloud that hangs: the others' ends go on, and what is known there is ended too", async () => {
    const { providers, ledger, run, during, clock, ref, alive } = await leased()
    const [vast] = providers
    if (!vast) throw new Error("no provider")
    const ends: string[] = []
    const hanging: AnyProvider = {
      ...vast,
      provider: "other",
      recover: () => Effect.never,
      terminate: (target) =>
        Effect.sync(() => {
          ends.push(target.id)
          return { ref: target, alreadyGone: false, leftovers: [], observedAt: DateTime.makeUnsafe(clock.now()) }
        })
    }
    const [known, open] = [
      launchRecord("agaaaaaaaaaa"),
      launchRecord("agbbbbbbbbbb", { state: "open", instanceId: null })
    ]
    await Effect.runPromise(Effect.andThen(ledger.openLaunch(known), ledger.openLaunch(open)))
    await clock.advance(hour)
    const from = clock.now()
    const found = during(run(sweep([hanging, ...providers], ledger), undefined))
    while (alive().length > 0) await new Promise(setImmediate)
    expect(ends).toEqual(["9"])
    expect(clock.now() - from).toBeLessThan(20_000)
    const { ended, failed, problems } = await found
    expect(ended.map((one) => String(one.ref)).sort()).toEqual(["other/container/9", String(ref)].sort())
    expect(failed).toMatchObject([{ ref: null, marker: "agbbbbbbbbbb", error: { _tag: "Timeout" } }])
    expect(problems).toMatchObject([{ provider: "other", kind: "container", error: { _tag: "Timeout" } }])
    expect(clock.now() - from).toBeLessThan(125_000)
  })

  it("says which launches it could not look for", async () => {
    const { ledger, clock, sweep, spec, simulator, alive } = leaseWorld()
    const { offer } = await spec()
    const open = { provider: "vast", state: "open", instanceId: null, at: clock.now() } as const
    const record = launchRecord("ag0000000000", { ...open, offerId: offer.id, leaseUntil: clock.now() + 60_000 })
    await Effect.runPromise(ledger.openLaunch(record))
    await clock.advance(60_000)
    const early = await sweep()
    expect(early.failed).toMatchObject([{ ref: null, marker: "ag0000000000", error: { _tag: "LaunchUnsettled" } }])
    await clock.advance(hour)
    const disarm = simulator.fault({ on: { path: "/api/v1/instances/" }, times: 1_000, do: down })
    const { failed } = await sweep()
    expect(failed).toMatchObject([{ error: { _tag: "LaunchUnsettled", marker: "ag0000000000", provider: "vast" } }])
    disarm()
    // A complete list that does not show it: no machine came of it.
    expect(await sweep()).toEqual(nothing)
    expect(alive()).toHaveLength(0)
  })

  it("while the cloud is down fails for its machines, and ends them when it is up again", async () => {
    const { clock, sweep, simulator, alive, ref } = await leased()
    await clock.advance(hour)
    const disarm = simulator.fault({ on: {}, times: 10_000, do: down })
    const { ended, failed } = await sweep()
    expect(ended).toEqual([])
    expect(failed).toMatchObject([{ ref, error: { leftovers: [ref] } }])
    expect(alive()).toHaveLength(1)
    disarm()
    expect(await sweep()).toMatchObject({ ended: [{ ref }], failed: [] })
  })

  it("costs only its own machines when one provider fails", async () => {
    const one = await leased()
    await one.clock.advance(hour)
    const broken = one.providers.map((provider) => ({
      ...provider,
      provider: "other",
      terminate: (ref: InstanceRef) =>
        Effect.fail(new NotFound({ message: "no such account", retry: "permanent", ref }))
    }))
    await Effect.runPromise(one.ledger.openLaunch(launchRecord("ag1111111111")))
    const swept = await one.during(one.run(sweep([...broken, ...one.providers], one.ledger), undefined))
    expect(swept).toMatchObject({
      ended: [{ ref: one.ref }],
      failed: [{ marker: "ag1111111111", error: { message: "no such account" } }]
    })
  })

  it("says so when a lease is of a cloud that it was not given", async () => {
    const { clock, during, run, ledger, ref } = await leased()
    expect(await during(run(sweep([], ledger), undefined))).toMatchObject({ failed: [], kept: [{ ref }] })
    await clock.advance(hour)
    expect(await during(run(sweep([], ledger), undefined))).toMatchObject({
      failed: [{ ref, error: { _tag: "InvalidRequest" } }]
    })
  })

  it("is harmless twice at once", async () => {
    const { clock, ledger, providers, run, during, alive, ref } = await leased()
    await clock.advance(hour)
    const both = await during(Promise.all([1, 2].map(() => run(sweep(providers, ledger), undefined))))
    for (const { failed } of both) expect(failed).toEqual([])
    // One of them ends it, and the other one sees that.
    expect(both.flatMap(({ ended }) => ended)).toMatchObject([{ ref }])
    expect(alive()).toHaveLength(0)
  })

  it("leaves a lease that was renewed while it looked", async () => {
    const { clock, ledger, providers, run, during, alive, machine } = await leased()
    await clock.advance(hour)
    // The lease is renewed right after it was read as one that has run out.
    const renew = Effect.orDie(ledger.renewLease(machine.marker ?? "", clock.now() + hour))
    let reads = 0
    const racing: Ledger = {
      ...ledger,
      launches: (query) =>
        ledger.launches(query).pipe(
          Effect.tap((launches) => {
            if (query?.leased && launches.length > 0) reads += 1
            return reads === 1 ? renew : Effect.void
          })
        )
    }
    expect((await during(run(sweep(providers, racing), undefined))).ended).toEqual([])
    expect(reads).toBeGreaterThanOrEqual(2)
    expect(alive()).toHaveLength(1)
  })

  it("fails when the ledger cannot be read", async () => {
    const { providers, run } = await leased()
    const fault = new Conflict({ message: "locked", retry: "temporary" })
    const locked = { ...memoryLedger(), launches: () => Effect.fail(fault) as never }
    expect(await run(sweep(providers, locked), undefined).catch(caught)).toMatchObject({ message: "locked" })
  })

  it("never touches what others launched", async () => {
    const { clock, sweep, gpu, during, alive, spec, ledger } = leaseWorld()
    await during(gpu.rent(await spec()))
    // Seen, but of no launch of this ledger.
    const stranger = memoryLedger()
    Object.assign(ledger, stranger)
    await during(gpu.list())
    await clock.advance(900 * hour)
    expect(await sweep()).toEqual(nothing)
    expect(alive()).toHaveLength(1)
  })
})
