import { estimate, money } from "@anygpu/core"
import { lenient } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import fc from "fast-check"
import { describe, expect, it, test } from "vitest"
import { id, offerRow } from "./cloud.test-support.ts"
import answers from "./fixtures/answers.json" with { type: "json" }
import { cpuInstanceOf, cpuOfferOf, locationOf, placesOf } from "./to-domain.ts"
import * as wire from "./wire.ts"

const at = DateTime.makeUnsafe("2025-05-01T12:00:00Z")
const offerOf = (row: unknown) => cpuOfferOf(wire.MarketOffer.parse(row), row, at)
const vmOf = (row: object) => cpuInstanceOf(lenient(wire.Vm).parse(row))

test("an image is shown without its login and its query", () => {
  const { native } = vmOf({ ...answers.vmA, osImage: "https://me:s3cret@images.example/a.img?X-Amz-Signature=s3cret" })
  expect(native.osImage).toBe("https://images.example/a.img")
})

const sizes = { vcpus: 2, memoryMiB: 4096, storageMiB: 25_600 }

describe("a VM", () => {
  it.each(["vmA", "vmB"] as const)("of the documents (%s) reads the same in both generations", (which) => {
    const { id: _, ...native } = answers[which]
    expect(vmOf(answers[which])).toEqual({
      id,
      name: "vm-name",
      marker: null,
      gpu: null,
      ...sizes,
      location: { country: "FR", region: "PAR-1", native: "FR-PAR-1" },
      pricePerHour: money("0.101467", "USDC"),
      interruptible: false,
      endpoints: {
        ssh: [{ host: "154.42.3.159", port: 22, user: "ubuntu", via: "direct", command: "ssh ubuntu@154.42.3.159" }],
        ports: [],
        urls: []
      },
      createdAt: DateTime.makeUnsafe("2025-04-30T11:23:05Z"),
      endsAt: null,
      native
    })
  })

  it("that its provider ended has no place, address, next bill or resources, and keeps its reserve", () => {
    const vm = vmOf(answers.ended)
    expect(vm).toMatchObject({
      vcpus: null,
      memoryMiB: null,
      storageMiB: null,
      pricePerHour: money("0.012791", "USDC")
    })
    expect(vm.location).toEqual({ country: null, region: null, native: null })
    expect(vm.endpoints).toEqual({ ssh: [], ports: [], urls: [] })
    expect(vm.native).toMatchObject({ status: "Terminated", reservedBalance: ".30697" })
  })

  it("of a draft reads, and what was in other units there is unknown, not wrong by a million", () => {
    const vm = vmOf(answers.draft)
    expect(vm).toMatchObject({ vcpus: 2, memoryMiB: null, storageMiB: null, pricePerHour: null })
    expect(vm.createdAt && DateTime.formatIso(vm.createdAt)).toBe("2025-04-01T16:50:57.000Z")
  })

  it("with hardly a field is there all the same", () => {
    expect(vmOf({ id })).toMatchObject({
      id,
      name: null,
      marker: null,
      vcpus: null,
      pricePerHour: null,
      createdAt: null
    })
    const nulls = { vmName: null, status: null, pricePerEpoch: null, resources: null, datacenter: null, ports: null }
    expect(vmOf({ id, ...nulls, createdAt: null, publicIp: null, osImage: null })).toMatchObject({
      id,
      pricePerHour: null
    })
  })

  it("has its marker in its name", () => {
    expect(vmOf({ id, vmName: "web-agabcdefghij" })).toMatchObject({ name: "web", marker: "agabcdefghij" })
  })

  it.each([
    ["no user is invented for an unknown image", "https://example.com/my.qcow2", [22, 80]],
    ["nor for a foreign image that names Ubuntu's host", "https://x.com/cloud-images.ubuntu.com/a.img", [22, 80]],
    ["nor without an image", null, [22, 80]]
  ])("%s: ssh is a port like others", (_, osImage, open) => {
    const ports = open.map((port) => ({ port, protocol: "tcp" }))
    const { endpoints } = vmOf({ ...answers.vmA, osImage, ports })
    expect(endpoints.ssh).toEqual([])
    expect(endpoints.ports.map(({ port, externalPort, host }) => [port, externalPort, host])).toEqual(
      open.map((port) => [port, port, "154.42.3.159"])
    )
  })

  it("has no ssh when port 22 is closed, and ports in both protocols", () => {
    const ports = [
      { port: 53, protocol: "UDP" },
      { port: 53, protocol: "tcp" },
      { port: 9, protocol: "sctp" },
      { port: "8080", protocol: "tcp" }
    ]
    const { endpoints } = vmOf({ ...answers.vmA, ports })
    expect(endpoints.ssh).toEqual([])
    expect(endpoints.ports.map(({ port, protocol }) => `${port}/${protocol}`)).toEqual(["53/udp", "53/tcp", "8080/tcp"])
  })

  it("any ports at all are read without a throw, and only reachable ones are listed", () => {
    const anything = fc.record({ port: fc.double(), protocol: fc.option(fc.string()) })
    const row = fc.record({ port: fc.integer({ min: -9, max: 70_000 }), protocol: fc.constantFrom("tcp", "udp", "x") })
    fc.assert(
      fc.property(fc.array(fc.oneof(anything, row)), (ports) => {
        const { endpoints } = cpuInstanceOf({ ...wire.Vm.parse(answers.vmA), ports })
        for (const { port, protocol } of endpoints.ports) {
          expect(port >= 1 && port <= 65_535 && Number.isInteger(port)).toBe(true)
          expect(ports.some((given) => given.port === port && given.protocol?.toLowerCase() === protocol)).toBe(true)
        }
      })
    )
  })
})

describe("an offer", () => {
  it("of the documents", () => {
    expect(offerOf(answers.offer)).toEqual({
      id: "cpu-2-ram-4gb-storage-25gb@PL",
      provider: "fluence",
      kind: "cpu-vm",
      gpu: null,
      ...sizes,
      diskMiB: 25_600,
      location: { country: "PL", region: "POZ-1", native: "PL-POZ-1" },
      pricePerHour: { micros: 12_791, currency: "USDC" },
      minimumBid: null,
      terms: {
        compute: {
          perHour: { micros: 12_791, currency: "USDC" },
          stepSeconds: 86_400,
          stepsFrom: "clock",
          clockOffsetSeconds: 64_500,
          perStep: { micros: 306_980, currency: "USDC" },
          minimumSeconds: 0
        },
        storage: null,
        traffic: "unknown",
        upfront: { seconds: 172_800, refundableSeconds: 86_400 },
        accountFloor: null
      },
      availability: "available",
      interruptible: false,
      reliability: null,
      datacenter: true,
      openPorts: 50,
      observedAt: at,
      native: answers.offer
    })
  })

  it.each([
    ["17:45 to 18:00 is two days: the day changes at 17:55", "2025-05-01T17:45:00Z", "0.61396"],
    ["17:55 to 18:10 is one", "2025-05-01T17:55:00Z", "0.30698"],
    ["00:00 to 00:15 is one: midnight does not matter", "2025-05-02T00:00:00Z", "0.30698"]
  ])("%s", (_, start, total) => {
    const cost = estimate(offerOf(answers.offer), { duration: "15 minutes", startAt: DateTime.makeUnsafe(start) })
    expect(cost?.total).toEqual(money(total, "USDC"))
    expect(cost?.upfront).toEqual(money("0.61396", "USDC"))
    expect(cost?.refundable).toEqual(money("0.30698", "USDC"))
  })

  it.each([
    [null, "unknown"],
    [0, "unavailable"],
    [3, "available"]
  ] as const)("stock %j: %s", (stock, availability) => {
    expect(offerOf(offerRow("1", {}, stock)).availability).toBe(availability)
  })

  it("without a price or a place has none", () => {
    const offer = offerOf(offerRow(null, null))
    expect(offer).toMatchObject({ id: "cpu-2-ram-4gb-storage-25gb", pricePerHour: null, terms: null })
    expect(offer.location).toEqual({ country: null, region: null, native: null })
  })

  it("comes once for each country: the cheapest that can be had", () => {
    const rows = [
      offerRow("3", { cityCode: "WAW" }),
      offerRow("1", { cityCode: "GDN" }, 0),
      offerRow("2", { cityCode: "POZ" }),
      offerRow("1.5", { countryCode: "FR" }, 0),
      offerRow(null, { cityCode: "LOD" })
    ]
    const places = placesOf(rows.map(offerOf))
    expect(places.map(({ location, terms }) => [location.native, terms?.compute.perStep?.micros])).toEqual([
      ["PL-POZ-1", 2_000_000],
      ["FR-POZ-1", 1_500_000]
    ])
  })

  it("whose data centre is open names only the country", () => {
    const [offer] = placesOf([offerRow("2", { cityCode: "POZ" }), offerRow("2", { cityCode: "WAW" })].map(offerOf))
    expect(offer?.location).toEqual({ country: "PL", region: null, native: "PL" })
  })
})

test("a place is given as far as it is known", () => {
  expect(locationOf({ countryCode: "fr", cityCode: "PAR", cityIndex: null })).toMatchObject({
    country: "FR",
    region: "PAR"
  })
  expect(locationOf({ countryCode: "France", cityCode: null, cityIndex: 2 })).toEqual({
    country: null,
    region: null,
    native: "France"
  })
})
