import { inspect } from "node:util"
import { compareMoney, formatMoney, money } from "@anygpu/core"
import { lenient } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import { describe, expect, it, test } from "vitest"
import { publicKey } from "./cloud.test-support.ts"
import abandoned from "./fixtures/abandoned-boot.json" with { type: "json" }
import list from "./fixtures/list.json" with { type: "json" }
import search from "./fixtures/search.json" with { type: "json" }
import show from "./fixtures/show.json" with { type: "json" }
import { instanceOf, keyLike, keyOf, kindOf, offerOf } from "./to-domain.ts"
import { Instance, Offer } from "./wire.ts"

const now = DateTime.makeUnsafe(0)
const offerWith = (more: Record<string, unknown> = {}, interruptible = false) =>
  offerOf(lenient(Offer).parse({ ...search.offers[0], ...more }), search.offers[0], {
    ...{ kind: "container", interruptible, diskGB: 10, observedAt: now }
  })
const listed = (more: Record<string, unknown> = {}) =>
  instanceOf(lenient(Instance).parse({ ...list.instances[0], ...more }))

describe("an offer", () => {
  it("has the vendor's numbers in common units", () => {
    expect(offerWith()).toMatchObject({
      id: "12345678",
      provider: "vast",
      kind: "container",
      gpu: { model: "Imaginary RTX 9999", known: false, count: 4, vramMiB: 24576 },
      vcpus: 32,
      memoryMiB: 65536 * 0.75,
      storageMiB: Math.floor(2048.5e9 / 1048576),
      location: { country: "AT", region: null, native: "Atlantis, AT" },
      pricePerHour: money("0.234567"),
      minimumBid: null,
      availability: "available",
      interruptible: false,
      reliability: 0.9999
    })
  })

  it("names the machine that it is a part of, where Vast does", () => {
    expect(offerWith({ machine_id: 4711 }).host).toBe("4711")
    expect(offerWith({ machine_id: undefined }).host).toBeNull()
  })

  it("is priced by its parts: seconds, a month of 720 hours, traffic", () => {
    expect(offerWith().terms).toMatchObject({
      compute: { perHour: money("0.123456"), stepSeconds: 1, minimumSeconds: 0 },
      storage: { hoursPerMonth: 720, whileStopped: true },
      traffic: { outPerGiB: money(0.00456 * 1.073741824), inPerGiB: money(0.00123 * 1.073741824) }
    })
    expect(offerWith({ inet_up_cost: null }).terms?.traffic).toBe("unknown")
    expect(offerWith({ storage_cost: null }).terms).toBeNull()
    expect(offerWith({ dph_base: null }).terms).toBeNull()
  })

  it("names the least bid only where bids are taken", () => {
    expect(offerWith({}, true)).toMatchObject({ interruptible: true, minimumBid: money("0.111111") })
    expect(offerWith({ min_bid: null }, true).minimumBid).toBeNull()
  })

  it("has no price where Vast names none or nothing", () => {
    for (const dph_total of [null, 0, -1]) expect(offerWith({ dph_total }).pricePerHour).toBeNull()
  })

  it("says what is not said as null, never as zero", () => {
    const bare = offerOf(
      Offer.parse({ id: 5 }),
      { id: 5 },
      { ...{ kind: "vm", interruptible: false, diskGB: 10 }, observedAt: now }
    )
    const nothing = { gpu: null, vcpus: null, memoryMiB: null, storageMiB: null, pricePerHour: null, reliability: null }
    expect(bare).toMatchObject({ ...nothing, terms: null, minimumBid: null, availability: "unknown" })
  })

  it.each([
    [{ rentable: false }, "unavailable"],
    [{ rented: true }, "unavailable"],
    [{ rentable: null, rented: null }, "unknown"]
  ])("%j is %s", (more, availability) => expect(offerWith(more).availability).toBe(availability))

  it.each([
    ["Washington, US", "US"],
    [", US", "US"],
    ["California, United States", "US"],
    ["US", "US"],
    [null, null]
  ])("lies in %j: %j", (geolocation, country) => expect(offerWith({ geolocation }).location.country).toBe(country))
})

describe("a machine of the list", () => {
  it("has the vendor's numbers in common units", () => {
    expect(listed()).toMatchObject({
      id: "312",
      name: "ML Training Job 2025",
      marker: null,
      gpu: { model: "RTX 4090", known: true, count: 1, vramMiB: 24576 },
      vcpus: 4,
      memoryMiB: 15989,
      storageMiB: Math.floor(10.08e9 / 1048576),
      location: { country: "US", native: "California, United States" },
      pricePerHour: money("0.8021"),
      interruptible: false
    })
    expect(listed().createdAt?.epochMilliseconds).toBe(1668804745122)
    expect(listed().endsAt?.epochMilliseconds).toBe(1735689600000)
  })

  it("is reached straight first, then by the proxy, never by a mix of the two", () => {
    expect(listed().endpoints).toEqual({
      ssh: [
        { host: "192.0.2.45", port: 20000, user: "root", via: "direct", command: "ssh -p 20000 root@192.0.2.45" },
        { host: "ssh123.vast.ai", port: 10600, user: "root", via: "proxy", command: "ssh -p 10600 root@ssh123.vast.ai" }
      ],
      ports: [{ port: 8888, protocol: "tcp", host: "192.0.2.45", externalPort: 8888 }],
      urls: []
    })
  })

  it("has its address trimmed, and no ports without one", () => {
    expect(listed({ public_ipaddr: "192.0.2.45\n" }).endpoints.ssh[0]?.host).toBe("192.0.2.45")
    expect(listed({ public_ipaddr: " \n" }).endpoints).toMatchObject({ ssh: [{ via: "proxy" }], ports: [] })
    expect(listed({ ports: null }).endpoints).toMatchObject({ ssh: [{ via: "proxy" }], ports: [] })
  })

  it("has udp ports, and none that make no sense", () => {
    const ports = {
      "53/udp": [{ HostPort: "40053" }],
      "80/tcp": null,
      "81/tcp": [],
      x: [{ HostPort: "1" }],
      "82/tcp": [{}]
    }
    expect(listed({ ports }).endpoints.ports).toEqual([
      { port: 53, protocol: "udp", host: "192.0.2.45", externalPort: 40053 }
    ])
  })

  it("has no ssh where it runs its image's own command, and then port 22 is the image's", () => {
    const { endpoints } = listed({ image_runtype: "args" })
    expect(endpoints.ssh).toEqual([])
    expect(endpoints.ports.map(({ port }) => port).sort()).toEqual([22, 8888])
  })

  it("shows no secret of its payload", () => {
    const [row] = list.instances
    const shown = inspect(listed({ instance_api_key: "iak-secret" }), { depth: 9, showHidden: true })
    for (const secret of [row?.jupyter_token ?? "", row?.onstart ?? "", "DOG", "CAT", "apt update", "iak-secret"]) {
      expect(secret).not.toBe("")
      expect(shown).not.toContain(secret)
    }
  })

  it("shows no login or variable that Docker repeats, and all else of what it says", () => {
    const status_msg =
      "Error: docker login -u me -p hunter2 ghcr.io; run -e TOKEN=s3cret-value img: OCI runtime create failed: no CDI devices"
    expect(listed({ status_msg }).native).toMatchObject({
      status_msg:
        "Error: docker login -u me -p <redacted> ghcr.io; run -e TOKEN=<redacted> img: OCI runtime create failed: no CDI devices"
    })
  })

  it("keeps the raw status fields", () => {
    expect(listed({ status_msg: "success, running a\n" }).native).toEqual({
      label: list.instances[0]?.label,
      actual_status: "running",
      intended_status: "running",
      cur_state: "running",
      next_state: "running",
      status_msg: "success, running a"
    })
  })
})

test("the machine of the reference page", () => {
  const shown = instanceOf(Instance.parse(show.instances))
  expect(shown).toMatchObject({
    name: null,
    gpu: { model: "RTX A5000", count: 1, vramMiB: 24564 },
    memoryMiB: 128576 * 0.125,
    storageMiB: Math.floor(10e9 / 1048576),
    location: { country: "US" },
    endpoints: { ssh: [{ host: "ssh2281.vast.ai", port: 10882, via: "proxy" }], ports: [] }
  })
  expect(shown.pricePerHour && compareMoney(shown.pricePerHour, money("1.002075"))).toBe(0)
})

test("the abandoned boot: what is not there is null", () => {
  expect(instanceOf(Instance.parse(abandoned))).toMatchObject({
    ...{ gpu: null, vcpus: null, memoryMiB: null, storageMiB: null, name: null, endsAt: null },
    pricePerHour: money("0.017"),
    native: { status_msg: abandoned.status_msg }
  })
})

test.each([show.instances, ...list.instances])(
  "the documented example $id prices its disk by a month of 720 hours",
  ({ storage_cost, disk_space, storage_total_cost, dph_base, dph_total }) => {
    expect((storage_cost * disk_space) / 720).toBeCloseTo(storage_total_cost, 10)
    expect(formatMoney(money(dph_base + storage_total_cost))).toBe(formatMoney(money(dph_total)))
  }
)

test.each([
  ["docker.io/vastai/kvm:ubuntu_22.04", "vm"],
  ["vastai/kvm:@vastai-automatic-tag", "vm"],
  ["vastai/kvm", "vm"],
  ["vastai/kvm-tools:1", "container"],
  ["ubuntu:22.04", "container"],
  [null, "container"]
])("the image %j is a %s's", (image_uuid, kind) => expect(kindOf(Instance.parse({ id: 1, image_uuid }))).toBe(kind))

test("keys: three names for the text, none that is deleted, the comment as name", () => {
  const name = "me@laptop"
  for (const field of ["key", "public_key", "ssh_key"]) {
    expect(keyOf({ id: 5, [field]: publicKey })).toEqual([{ id: "5", name, publicKey, fingerprint: null }])
  }
  expect(keyOf({ id: 5, key: publicKey, deleted_at: "2024-01-01" })).toEqual([])
  expect(keyOf({ id: 5, name: "mine", key: publicKey })[0]?.name).toBe("mine")
  const keys = keyOf({ id: 5, key: publicKey })
  expect(keyLike(keys, publicKey.replace("me@laptop", "other comment"))?.id).toBe("5")
  expect(keyLike(keys, publicKey.replace("AAAAC3", "AAAAC4"))).toBeUndefined()
})
