import { attachMarker, type InvalidRequest, money, newMarker, splitMarker } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { id, image, offerRow, publicKey } from "./cloud.test-support.ts"
import { cpuUpdateOf, cpuVmOf, vmNameOf } from "./from-domain.ts"
import { cpuOfferOf } from "./to-domain.ts"
import { CreateBody, MarketOffer, Vm } from "./wire.ts"

const marker = "agabcdefghij"
const offerOf = (row: unknown) => cpuOfferOf(MarketOffer.parse(row), row, DateTime.makeUnsafe(0))
const offer = offerOf(offerRow("0.30698"))
const base = { offer, name: "Web Server", os: image, sshKeys: [` ${publicKey}\n`] }

const bodyOf = (spec: Parameters<typeof cpuVmOf>[0]) =>
  Result.getOrThrow(cpuVmOf(spec)).body({ marker, idempotencyKey: "unused" })
const issuesOf = (result: Result.Result<unknown, InvalidRequest>) =>
  Result.isFailure(result) ? result.failure.issues : []
const tcp = (port: number) => ({ port, protocol: "tcp" as const })

describe("an order", () => {
  it("is for one VM of the offer's configuration, in its country, at its price and no other", () => {
    expect(bodyOf(base)).toEqual({
      constraints: {
        basicConfiguration: "cpu-2-ram-4gb-storage-25gb",
        datacenter: { countries: ["PL"] },
        maxTotalPricePerEpochUsd: "0.30698"
      },
      instances: 1,
      vmConfiguration: {
        name: `web-server-${marker}`,
        osImage: image,
        openPorts: [tcp(22)],
        sshKeys: [publicKey]
      }
    })
  })

  it("of an offer without a price is bound by the caller's own limit, and of one without a place by no country", () => {
    const unpriced = { ...base, offer: offerOf(offerRow(null, null)) }
    expect(bodyOf({ ...unpriced, maxPerHour: money("0.5", "USDC") }).constraints).toEqual({
      basicConfiguration: "cpu-2-ram-4gb-storage-25gb",
      maxTotalPricePerEpochUsd: "12"
    })
    expect(bodyOf(unpriced).constraints).toEqual({ basicConfiguration: "cpu-2-ram-4gb-storage-25gb" })
  })

  it("keeps port 22 open beside the others, each once", () => {
    const ports = [
      { port: 80 },
      { port: 53, protocol: "udp" },
      { port: 80, protocol: "tcp" },
      { port: 22, protocol: "udp" }
    ] as const
    const open = bodyOf({ ...base, ports }).vmConfiguration.openPorts
    expect(open).toEqual([tcp(22), tcp(80), { port: 53, protocol: "udp" }, { port: 22, protocol: "udp" }])
    expect(bodyOf({ ...base, ports: [{ port: 22 }, { port: 80 }] }).vmConfiguration.openPorts).toEqual([
      tcp(22),
      tcp(80)
    ])
  })

  it("of whatever ports is a body that may be sent, with port 22 in it once", () => {
    const port = fc.integer({ min: 1, max: 65_535 }).filter((number) => number !== 10_250)
    const request = fc.record({ port, protocol: fc.constantFrom("tcp" as const, "udp" as const) })
    fc.assert(
      fc.property(fc.array(request, { maxLength: 50 }), (ports) => {
        const body = bodyOf({ ...base, ports })
        CreateBody.parse(body)
        const open = body.vmConfiguration.openPorts.map(({ port, protocol }) => `${port}/${protocol}`)
        expect(open).toContain("22/tcp")
        expect(new Set(open)).toEqual(new Set(["22/tcp", ...ports.map((p) => `${p.port}/${p.protocol}`)]))
        expect(new Set(open).size).toBe(open.length)
      })
    )
  })

  it.each([
    "https://host/a.qcow2",
    "http://host/a.img",
    "https://host/a.raw",
    "https://host/b/a.raw.xz",
    "https://host/a.raw.gz",
    "https://host/a.img.xz",
    "https://host/a.IMG.gz?signature=a%2Fb"
  ])("takes %s", (os) => expect(bodyOf({ ...base, os }).vmConfiguration.osImage).toBe(os))

  it.each([
    "ubuntu",
    "https://host/a.iso",
    "https://host/.qcow2/a",
    "https://a.img",
    "ftp://host/a.img",
    "https://host/a.img\n"
  ])("refuses %j as an image", (os) => expect(issuesOf(cpuVmOf({ ...base, os }))).toMatchObject([{ path: "os" }]))

  it("names everything that is wrong at once", () => {
    const ports = [
      { port: 10_250 },
      { port: 80, protocol: "http" },
      ...Array.from({ length: 51 }, (_, n) => ({ port: 1000 + n }))
    ] as const
    const paths = issuesOf(cpuVmOf({ ...base, offer: { ...offer, id: "a b" }, os: "x", ports })).map(({ path }) => path)
    expect(paths).toEqual(["ports[0].port", "ports[1].protocol", "ports", "offer", "os"])
  })

  it("takes 50 ports besides ssh, and not 51", () => {
    const some = (count: number) => [{ port: 22 }, ...Array.from({ length: count }, (_, n) => ({ port: 1000 + n }))]
    expect(bodyOf({ ...base, ports: some(50) }).vmConfiguration.openPorts).toHaveLength(51)
    expect(issuesOf(cpuVmOf({ ...base, ports: some(51) }))).toMatchObject([{ path: "ports" }])
  })

  it("has a name of letters, digits and hyphens that fits a host, with its marker, whatever was given", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: "grapheme" }), (name) => {
        const fresh = newMarker()
        const sent = vmNameOf(name, fresh)
        expect(sent).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
        expect(splitMarker(sent).marker).toBe(fresh)
        expect(vmNameOf(name, null)).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
      })
    )
  })
})

describe("a change", () => {
  const vm = (ports: ReadonlyArray<object> | null) => Vm.parse({ id, ports })
  const open = vm([tcp(22), tcp(5050)])

  it("of the name keeps the marker and says nothing of the ports", () => {
    const body = Result.getOrThrow(cpuUpdateOf(open, marker, { name: "New Name" }))
    expect(body).toEqual({ id, vmName: attachMarker("new-name", marker, 63) })
    expect(Result.getOrThrow(cpuUpdateOf(open, null, { name: "New Name" }))).toEqual({ id, vmName: "new-name" })
  })

  it("of the ports sends all of them, and closes the others", () => {
    const body = Result.getOrThrow(cpuUpdateOf(open, marker, { ports: [{ port: 9000 }, { port: 22 }] }))
    expect(body).toEqual({ id, openPorts: [tcp(9000), tcp(22)] })
  })

  it.each([
    ["an open port 22", open],
    ["a port 22 that is not listed", vm(null)],
    ["an open port 22 in capitals", vm([{ port: 22, protocol: "TCP" }])],
    ["an open port 22 that is listed as a text", vm([{ port: "22", protocol: "tcp" }])]
  ])("never closes %s in passing", (_, before) => {
    expect(issuesOf(cpuUpdateOf(before, marker, { ports: [{ port: 9000 }] }))).toMatchObject([{ path: "ports" }])
    const udp = { port: 22, protocol: "udp" } as const
    expect(issuesOf(cpuUpdateOf(before, marker, { ports: [udp] }))).toMatchObject([{ path: "ports" }])
    expect(issuesOf(cpuUpdateOf(before, marker, { ports: [] }))).toMatchObject([{ path: "ports" }])
    const meant = cpuUpdateOf(before, marker, { ports: [{ port: 9000 }], closePorts: [22] })
    expect(Result.getOrThrow(meant)).toEqual({ id, openPorts: [tcp(9000)] })
  })

  it("need not name a port 22 that is closed already", () => {
    const body = cpuUpdateOf(vm([tcp(5050)]), marker, { ports: [{ port: 9000 }] })
    expect(Result.getOrThrow(body)).toEqual({ id, openPorts: [tcp(9000)] })
  })

  it("closes nothing by closePorts alone, and nothing that it keeps", () => {
    expect(issuesOf(cpuUpdateOf(open, marker, { closePorts: [22] }))).toMatchObject([{ path: "closePorts[0]" }])
    const both = cpuUpdateOf(open, marker, { ports: [{ port: 443 }, { port: 22 }], closePorts: [80, 22] })
    expect(issuesOf(both)).toMatchObject([{ path: "closePorts[1]" }])
  })

  it("closes ssh by name and keeps another protocol of its port", () => {
    const udp = { port: 22, protocol: "udp" } as const
    const body = cpuUpdateOf(open, marker, { ports: [udp], closePorts: [22] })
    expect(Result.getOrThrow(body)).toEqual({ id, openPorts: [udp] })
  })

  it("refuses reserved ports and http", () => {
    const ports = [{ port: 22 }, { port: 10_250 }, { port: 80, protocol: "http" }] as const
    const paths = issuesOf(cpuUpdateOf(open, marker, { ports })).map(({ path }) => path)
    expect(paths).toEqual(["ports[1].port", "ports[2].protocol"])
  })
})
