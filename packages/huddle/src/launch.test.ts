import { money, splitMarker } from "@anygpu/core"
import { describe, expect, it, test } from "vitest"
import { ok, otherKey, page, publicKey, refusal, row, sameKey } from "./cloud.test-support.ts"
import { bodyOf, deploys, renting } from "./renting.test-support.ts"

describe("a launch", () => {
  it("sends what the Deployments page documents, and no more", async () => {
    const { run, launch, to } = renting()
    const machine = await run(
      await launch({
        name: "My Übung №1!",
        description: "a test",
        diskMiB: 102_400,
        volumes: [
          { name: "data", sizeMiB: 476_837 },
          { name: "cold", sizeMiB: 1, type: "HDD" }
        ]
      })
    )
    expect(machine).toMatchObject({ status: "pending", billing: "unknown", pricePerHour: money("0.965") })
    const [sent] = to(deploys)
    const { hostname, ...body } = bodyOf(sent)
    expect(splitMarker(hostname)).toMatchObject({ name: "my-ubung-no1", marker: expect.stringMatching(/^ag/) })
    expect(body).toEqual({
      cluster_type: "8H200.141G",
      image: "ubuntu-24.04",
      ssh_key_ids: ["sk_abc123"],
      location: "FIN-03",
      description: "a test",
      os_volume: { name: "boot", size: 108 },
      volumes: [
        { name: "data", size: 500, type: "NVMe" },
        { name: "cold", size: 1, type: "HDD" }
      ]
    })
  })

  it("leaves out what was not asked for", async () => {
    const { run, launch, to } = renting()
    await run(await launch({ volumes: [] }))
    expect(Object.keys(bodyOf(to(deploys)[0])).sort()).toEqual([
      "cluster_type",
      "hostname",
      "image",
      "location",
      "ssh_key_ids"
    ])
  })

  it("makes a hostname of one label, however long the name", async () => {
    const { run, launch, to } = renting()
    await run(await launch({ name: `${"long name ".repeat(30)}` }))
    const { hostname } = bodyOf(to(deploys)[0])
    expect(hostname.length).toBeLessThanOrEqual(63)
    expect(hostname).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(splitMarker(hostname).marker).not.toBeNull()
  })

  it("passes an image on as it is given: the documents show ids and slugs", async () => {
    const { run, launch, to } = renting()
    for (const os of ["e79a91e9-8750-44cb-af19-bf6ab83121ee", "ubuntu-22.04-cuda-13.0-cluster"]) {
      await run(await launch({ os }))
      expect(bodyOf(to(deploys).at(-1)).image).toBe(os)
    }
  })

  it.each([
    [1, 50],
    [47_683, 50],
    [47_684, 51],
    [488_281, 512]
  ])("of %i MiB asks for a boot disk of %i GB", async (diskMiB, size) => {
    const { run, launch, to } = renting()
    await run(await launch({ diskMiB }))
    expect(bodyOf(to(deploys)[0]).os_volume).toEqual({ name: "boot", size })
  })
})

describe("a launch is refused before anything is sent", () => {
  it.each([
    ["with a boot disk above 512 GB", { diskMiB: 488_282 }, "diskMiB"],
    ["at another place than the offer's", { location: "FIN-01" }, "location"],
    ["with a volume of no name", { volumes: [{ name: " ", sizeMiB: 1 }] }, "volumes[0].name"],
    ["with a volume of no type", { volumes: [{ name: "a", sizeMiB: 1, type: "" }] }, "volumes[0].type"],
    ["without keys", { sshKeys: [] }, "sshKeys"]
  ])("%s", async (_, more, path) => {
    const { fails, launch, sent } = renting()
    const wanted = await launch(more)
    const before = sent.length
    expect(await fails(wanted)).toMatchObject({ _tag: "InvalidRequest", issues: [{ path }] })
    expect(sent).toHaveLength(before)
  })

  it.each([
    [
      "a boot disk above the one in the price",
      { diskMiB: 51_200 },
      /boot disk of 54 GB.*includes 50 GB \(diskMiB 47683\)/
    ],
    ["volumes", { volumes: [{ name: "a", sizeMiB: 1 }] }, /volumes/]
  ])("with %s under a limit: its price is not known, and another offer may be tried", async (_, more, words) => {
    const { fails, launch, sent } = renting()
    const wanted = await launch({ ...more, maxPerHour: money(40) })
    const before = sent.length
    const error = await fails(wanted)
    expect(error).toMatchObject({ _tag: "OutOfFunds", ownLimit: true, available: money(40), retry: "permanent" })
    expect(error.message).toMatch(words)
    expect(error.message).toMatch(/maxPerHour \$40.*allowUnknownPrice: true/)
    expect(sent).toHaveLength(before)
  })

  it("unless an unknown price is allowed, or the disk is the one that comes by default", async () => {
    const { run, launch, to } = renting()
    await run(await launch({ diskMiB: 102_400, maxPerHour: money(40), allowUnknownPrice: true }))
    await run(await launch({ diskMiB: 40_000, maxPerHour: money(40) }))
    expect(to(deploys)).toHaveLength(2)
  })

  it("where the offer names no place and the caller neither", async () => {
    const type = { instance_type: "1A100.22V", price_per_hr: 0.965, is_available: true }
    const { run, fails, launch, to } = renting({ "GET /gpus/available": page([type]) })
    expect(await fails(await launch())).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "location" }] })
    await run(await launch({ location: "FIN-01" }))
    expect(to(deploys).map(bodyOf)).toMatchObject([{ cluster_type: "1A100.22V", location: "FIN-01" }])
  })

  it("without $20 on the account", async () => {
    const { fails, launch, to } = renting({ "GET /billing/balance": ok({ balance_cents: 1999 }) })
    expect(await fails(await launch())).toMatchObject({
      _tag: "OutOfFunds",
      needed: money(20),
      available: money("19.99")
    })
    expect(to(deploys)).toEqual([])
  })
})

describe("keys", () => {
  const made = ok({ id: "sk_new", name: "other@laptop", fingerprint: "SHA256:new", key_type: "ed25519" })

  it("that are there are found by their fingerprint, once, and not sent again", async () => {
    const { run, launch, to } = renting()
    await run(await launch({ sshKeys: [publicKey, sameKey] }))
    expect(bodyOf(to(deploys)[0]).ssh_key_ids).toEqual(["sk_abc123"])
    expect(to("POST /ssh-keys")).toEqual([])
  })

  it("that are not there are registered before the launch", async () => {
    const { run, launch, to, sent } = renting({ "POST /ssh-keys": made })
    await run(await launch({ sshKeys: [publicKey, otherKey] }))
    expect(to("POST /ssh-keys").map(bodyOf)).toEqual([{ name: "other@laptop", public_key: otherKey }])
    expect(bodyOf(to(deploys)[0]).ssh_key_ids).toEqual(["sk_abc123", "sk_new"])
    const order = sent.map(({ route }) => route)
    expect(order.indexOf("POST /ssh-keys")).toBeLessThan(order.indexOf(deploys))
  })

  it("are registered once by launches at the same time", async () => {
    let known: ReadonlyArray<unknown> = []
    const { run, launch, to } = renting({
      "GET /ssh-keys": () => ({ ...ok(known), late: 1000 }),
      "POST /ssh-keys": () => {
        known = [{ id: "sk_1", fingerprint: "HeuDED0UMALaWSzUCyrrujiq8B8AotRldB9aFVVr8pQ=" }]
        return ok(known[0])
      }
    })
    await Promise.all([run(await launch()), run(await launch({ sshKeys: [sameKey] }))])
    expect(to("POST /ssh-keys")).toHaveLength(1)
    expect(to(deploys).map((request) => bodyOf(request).ssh_key_ids)).toEqual([["sk_1"], ["sk_1"]])
  })

  it("whose registration got no answer are not sent again, and nothing is rented", async () => {
    const { fails, launch, to } = renting({ "POST /ssh-keys": { lost: true } })
    expect((await fails(await launch({ sshKeys: [otherKey] })))._tag).toBe("Network")
    expect([to("POST /ssh-keys").length, to(deploys).length]).toEqual([1, 0])
  })
})

describe("a deploy without a clear answer", () => {
  const same = (
    requests: ReadonlyArray<{ readonly body?: string; readonly headers: Readonly<Record<string, string>> }>
  ) => {
    expect(new Set(requests.map(({ headers }) => headers["idempotency-key"])).size).toBe(1)
    expect(new Set(requests.map(({ body }) => body)).size).toBe(1)
  }

  it.each([
    ["lost", { lost: true }],
    ["500", refusal(500, "INTERNAL")],
    ["502 of a proxy", { status: 502, text: "<html></html>", type: "text/html" }]
  ])("(%s) is sent again with the same key and byte by byte the same body", async (_, reply) => {
    const { run, launch, to, ledger } = renting({ [deploys]: [reply, reply, ok(row())] })
    const machine = await run(await launch())
    expect(machine.ref.id).toBe("dep_abc123")
    expect(to(deploys)).toHaveLength(3)
    same(to(deploys))
    const [record] = await run(ledger.launches({}))
    expect(to(deploys)[0]?.headers["idempotency-key"]).toBe(record?.idempotencyKey)
  })

  it("and a 409 on its repetition is settled by the hostname, not believed", async () => {
    const { run, launch, to } = renting({
      [deploys]: [{ lost: true }, refusal(409, "CONFLICT")],
      "GET /deployments": () => page([row({ id: "other" }), row({ hostname: bodyOf(to(deploys)[0]).hostname })])
    })
    const machine = await run(await launch())
    expect(machine.ref.id).toBe("dep_abc123")
    expect(to(deploys)).toHaveLength(2)
    same(to(deploys))
  })

  it("is looked for on every page, and absent only in a whole list", async () => {
    const { fails, launch, to } = renting({
      [deploys]: [{ lost: true }, refusal(409, "CONFLICT")],
      "GET /deployments": ({ url }) =>
        url.includes("cursor") ? page([row({ id: "b" })], {}) : page([row({ id: "a" })], { next_cursor: "2" })
    })
    const error = await fails(await launch())
    expect(error).toMatchObject({ _tag: "NoCapacity" })
    expect(error.message).toContain("No machine with the marker")
    expect(to("GET /deployments").some(({ url }) => url.endsWith("?cursor=2"))).toBe(true)
  })

  it("is unsettled while the list cannot be read whole", async () => {
    const { fails, launch } = renting({
      [deploys]: { lost: true },
      "GET /deployments": page([row()], { total: 2 })
    })
    expect((await fails(await launch()))._tag).toBe("LaunchUnsettled")
  })
})

test("two launches have two idempotency keys", async () => {
  const { run, launch, to } = renting()
  for (const _ of [1, 2]) await run(await launch())
  expect(new Set(to(deploys).map(({ headers }) => headers["idempotency-key"])).size).toBe(2)
})
