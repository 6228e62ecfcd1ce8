import { InvalidRequest, memoryLedger, money } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import { createGpu, type GpuOptions, type Instance } from "../index.ts"
import { errorOf } from "../placement/placement.test-support.ts"
import { type CloudScript, market } from "../testing/market.ts"

/** An account that sees one offer, and its own machines. */
const script = (key: string, id: string | undefined, name: string | undefined, perHour: string): CloudScript => ({
  name: "acme",
  stands: [{ id: `offer-${key}`, perHour }],
  account: { apiKey: key, ...(id !== undefined && { id }), ...(name !== undefined && { name }) }
})

const setUp = (more: Partial<GpuOptions<never>> = {}) => {
  const world = market(script("key-a", "1", undefined, "1"), script("key-b", "2", "team", "2"))
  const ledger = memoryLedger()
  const client = () => createGpu({ clouds: world.clouds, clock: world.clock, ledger, ...more })
  return { ...world, ledger, client, gpu: client() }
}

const order = { name: "job", os: "ubuntu" } as const

const rentBoth = async ({ gpu }: ReturnType<typeof setUp>) => {
  const offers = (await gpu.offers()).items
  const machines: Instance[] = []
  for (const offer of offers) machines.push(await gpu.rent({ ...order, offer }))
  return machines
}

describe("two accounts of one cloud in one client", () => {
  test("offers say whose they are, and a launch goes to the account of its offer", async () => {
    const world = setUp()
    const offers = (await world.gpu.offers()).items
    expect(offers.map(({ id, account }) => [id, account])).toEqual([
      ["offer-key-a", undefined],
      ["offer-key-b", "team"]
    ])
    await rentBoth(world)
    expect(world.machines.map(({ cloud }) => cloud.account?.name)).toEqual([undefined, "team"])
    const { instance } = await world.gpu.launch({
      name: "job",
      workload: { os: "ubuntu" },
      job: { duration: "1 hour" },
      candidates: offers.slice(1).map((offer) => ({ offer }))
    })
    expect(instance).toMatchObject({ account: "team" })
  })

  test("lists all machines, each once, under the name of its account", async () => {
    const world = setUp()
    const machines = await rentBoth(world)
    const listing = await world.gpu.list()
    expect(listing).toMatchObject({ complete: true, problems: [] })
    expect(listing.items.map(({ ref, account }) => [String(ref), account])).toEqual([
      [String(machines[0]?.ref), undefined],
      [String(machines[1]?.ref), "team"]
    ])
  })

  test("a machine is read, ended and swept on the account that it is on", async () => {
    const world = setUp()
    const [first, second] = await rentBoth(world)
    if (!first || !second) throw new Error("no machines")
    expect(await world.client().get(second.ref)).toMatchObject({ account: "team" })
    await world.client().terminate(second.ref)
    expect(world.alive().map(({ cloud }) => cloud.account?.name)).toEqual([undefined])
    const offer = (await world.gpu.offers()).items[1]
    if (!offer) throw new Error("no offer")
    await world.gpu.rent({ ...order, offer, ttl: "1 hour" })
    await world.clock.sleep(2 * 3_600_000)
    const swept = await world.client().sweep()
    expect(swept).toMatchObject({ ended: [{ alreadyGone: false }], failed: [], problems: [] })
    expect(world.alive()).toHaveLength(1)
  })

  test("a machine that the ledger does not know is found on the account that shows it", async () => {
    const world = setUp()
    const [, second] = await rentBoth(world)
    if (!second) throw new Error("no machine")
    const other = createGpu({ clouds: world.clouds, clock: world.clock, ledger: memoryLedger() })
    expect(await other.get(second.ref)).toMatchObject({ account: "team" })
    await other.terminate(second.ref)
    expect(world.alive()).toHaveLength(1)
  })

  test("an audit claims the machines of both, and a recovery concludes nothing from the lists of another account", async () => {
    const world = setUp()
    await rentBoth(world)
    expect(await world.gpu.audit()).toMatchObject({ claimed: [{}, {}], unclaimed: [], lost: [], elsewhere: [] })
    await world.clock.sleep(3_600_000)
    expect(await world.client().recover()).toMatchObject({ adopted: [], absent: [], unsettled: [] })
  })

  test("one that cannot be asked costs only its own machines", async () => {
    const world = setUp()
    await rentBoth(world)
    const team = world.machines[1]?.cloud
    if (!team) throw new Error("no account")
    Object.assign(team, { listFails: InvalidRequest.of("x", "is down") })
    const listing = await world.gpu.list()
    expect(listing).toMatchObject({ complete: false, problems: [{ part: 'list of the account "team"' }] })
    expect(listing.items).toHaveLength(1)
  })

  test("what was spent is added up by account", async () => {
    const world = setUp()
    await rentBoth(world)
    await world.clock.sleep(3_600_000)
    await world.gpu.list()
    expect((await world.gpu.spent({ by: "account" })).rows).toMatchObject([
      { of: "acme team", cost: [money(2)] },
      { of: "acme", cost: [money(1)] }
    ])
  })

  test("a budget holds over both", async () => {
    const world = setUp({ spendLimit: { perHour: money("2.50") } })
    const [first, second] = (await world.gpu.offers()).items
    if (!first || !second) throw new Error("no offers")
    await world.gpu.rent({ ...order, offer: first })
    expect(await errorOf(world.gpu.rent({ ...order, offer: second }))).toMatchObject({ _tag: "OutOfFunds" })
  })

  test("an offer of an account that the client does not have is refused", async () => {
    const world = setUp()
    const [offer] = (await world.gpu.offers()).items
    if (!offer) throw new Error("no offer")
    const error = await errorOf(world.gpu.rent({ ...order, offer: { ...offer, account: "lab" } }))
    expect(error.message).toMatch(
      /^offer\.account: is of the account "lab", and this client has of acme: one without a name, "team"/
    )
    expect(world.machines).toEqual([])
  })
})

describe("the name of an account", () => {
  const named = (key: string, id: string | undefined, ledger = memoryLedger()) => {
    const world = market(script(key, id, "team", "1"))
    return { ...world, ledger, gpu: createGpu({ clouds: world.clouds, clock: world.clock, ledger }) }
  }

  test("is refused for the key of another account, and nothing is sent", async () => {
    const before = named("key-a", "1")
    await before.gpu.list()
    const after = named("key-b", "2", before.ledger)
    const [offer] = (await before.gpu.offers()).items
    if (!offer) throw new Error("no offer")
    for (const call of [() => after.gpu.list(), () => after.gpu.rent({ ...order, offer })]) {
      const error = await errorOf(call())
      expect(error).toMatchObject({ _tag: "PermissionDenied", retry: "permanent" })
      expect(error.message).toMatch(
        /the key for the account "team" of acme is of another account \(2\) than that name means in this ledger \(1\)/
      )
    }
    expect(after.machines).toEqual([])
  })

  test("is kept by a renewed key of the same account", async () => {
    const before = named("key-a", "1")
    await before.gpu.list()
    const after = named("key-b", "1", before.ledger)
    expect((await after.gpu.list()).items).toEqual([])
  })

  test("is kept by any key where the cloud has no word for its accounts", async () => {
    const before = named("key-a", undefined)
    await before.gpu.list()
    expect((await named("key-b", undefined, before.ledger).gpu.list()).items).toEqual([])
  })
})

test.each([
  [[script("key-a", "1", "team", "1"), script("key-b", "2", "team", "1")], /has the account "team" of acme twice/],
  [
    [script("key-a", "1", undefined, "1"), script("key-b", "2", undefined, "1")],
    /has acme twice: give each account a name/
  ],
  [[script("key-a", "1", undefined, "1"), script("key-a", "1", "team", "1")], /has acme twice with one key/]
])("an account is given once (%#)", (scripts, problem) => {
  expect(() => createGpu({ clouds: market(...scripts).clouds })).toThrow(problem)
})
