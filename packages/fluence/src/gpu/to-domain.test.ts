import { isReady, judge, money } from "@anygpu/core"
import { lenient } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import fc from "fast-check"
import { describe, expect, it, test } from "vitest"
import instances from "./fixtures/instances.json" with { type: "json" }
import { containerFacts, containerLifecycle } from "./lifecycle.ts"
import { containerOf, machineOf } from "./to-domain.ts"
import * as wire from "./wire.ts"

const at = DateTime.makeUnsafe("2026-02-07T15:00:00Z")
const active = instances.activeContainer
const vm = instances.activeVm

describe("a container", () => {
  it("of the documents, active", () => {
    const { native, ...facts } = containerOf(wire.Container.parse(active))
    expect(facts).toEqual({
      id: "b54672e2-0a8b-490f-81ee-7d5a868471fc",
      name: "fuchsia-hawk-4706",
      marker: null,
      gpu: { model: "A100 SXM4", known: true, vendor: "nvidia", interface: "sxm", count: 1, vramMiB: 81_920 },
      vcpus: 1,
      memoryMiB: 1024,
      storageMiB: 1024,
      location: { country: "US", region: null, native: "US" },
      pricePerHour: money("1.22", "USDC"),
      interruptible: false,
      endpoints: {
        ssh: [
          {
            host: "provider.a100.kci.val.akash.pub",
            port: 32_345,
            user: "root",
            via: "direct",
            command: "ssh -p 32345 root@provider.a100.kci.val.akash.pub"
          }
        ],
        ports: [],
        urls: []
      },
      createdAt: DateTime.makeUnsafe("2026-02-07T14:42:29.472Z"),
      endsAt: null
    })
    const { id: _, container_info, ...rest } = active
    const environment = [{ name: "SSH_PUBKEY" }]
    expect(native).toEqual({ ...rest, container_info: { ...container_info, environment } })
  })

  it("of the documents, ended, costs nothing and has no way in", () => {
    const facts = containerOf(wire.Container.parse(instances.endedContainer))
    expect(facts).toMatchObject({
      pricePerHour: null,
      endpoints: { ssh: [], ports: [], urls: [] },
      name: "coral-fowl-8570"
    })
  })

  it("of the documents' list has no ways in and no price: a list does not have them", () => {
    const rows = instances.containers.map((row) => containerOf(wire.Container.parse(row)))
    expect(rows.map(({ id, pricePerHour: price, endpoints }) => [id, price, endpoints.ssh])).toEqual([
      ["b54672e2-0a8b-490f-81ee-7d5a868471fc", null, []],
      ["9933463e-4b49-4a56-867d-e66d4200e649", null, []]
    ])
  })

  it("carries its marker in its name", () => {
    const facts = containerOf(wire.Container.parse({ ...active, name: "train-ag1x9k2m4p7q" }))
    expect(facts).toMatchObject({ name: "train", marker: "ag1x9k2m4p7q" })
    expect(containerOf(wire.Container.parse({ id: active.id }))).toMatchObject({ name: null, marker: null, gpu: null })
  })

  it("shows its ports, its address for HTTP, and ssh apart", () => {
    const forwarded_ports = [
      { port: "8000", external_port: "30001", protocol: "TCP" },
      { port: "22", external_port: "30002", protocol: "tcp" },
      { port: "53", external_port: "30003", protocol: "udp" },
      { port: "22", external_port: "30004", protocol: "udp" },
      { port: "80", external_port: "80", protocol: "http" },
      { port: "1", external_port: "70000", protocol: "tcp" },
      { port: "x", external_port: "1", protocol: "tcp" },
      { port: "2", external_port: "1", protocol: "sctp" },
      { port: 9000, external_port: 30_005, protocol: "tcp" },
      { port: null, external_port: null, protocol: null }
    ]
    const network = { domain: "h.example", forwarded_ports, uri: "app.h.example" }
    const { endpoints } = containerOf(wire.Container.parse({ ...active, network }))
    expect(endpoints.ssh.map(({ command }) => command)).toEqual(["ssh -p 30002 root@h.example"])
    expect(endpoints.ports.map(({ port, protocol, externalPort }) => [port, protocol, externalPort])).toEqual([
      [8000, "tcp", 30_001],
      [53, "udp", 30_003],
      [22, "udp", 30_004],
      [80, "http", 80],
      [9000, "tcp", 30_005]
    ])
    expect(endpoints.urls).toEqual(["http://app.h.example"])
    const full = { ...network, uri: "https://app.h.example/x" }
    expect(containerOf(wire.Container.parse({ ...active, network: full })).endpoints.urls).toEqual([full.uri])
  })

  it("that is active without a domain is running and not ready", () => {
    const row = wire.Container.parse({ ...active, network: { ...active.network, domain: null, uri: "h" } })
    const facts = containerOf(row)
    expect(facts.endpoints).toEqual({ ssh: [], ports: [], urls: [] })
    const verdict = judge(containerLifecycle, containerFacts(row, { intent: null, now: 0 }))
    const instance = { ...facts, ...verdict, view: "detail", observedAt: at }
    expect(verdict.status).toBe("running")
    expect(isReady(instance as unknown as Parameters<typeof isReady>[0])).toBe(false)
  })

  it.each(["https://me:s3c/ret@reg.example/x:1", "reg.example/x:1?token=s3c/ret", "me:s3c/ret@reg.example/x:1"])(
    "shows its image without what lets somebody in: %s",
    (image) => {
      const container_info = { ...active.container_info, image }
      const facts = containerOf(wire.Container.parse({ ...active, container_info }))
      expect(JSON.stringify(facts)).not.toContain("s3c")
      expect(facts.native.container_info?.image).toContain("reg.example/x")
      expect(JSON.stringify(machineOf(wire.Vm.parse({ ...vm, os_image: image })))).not.toContain("s3c")
    }
  )

  it("shows neither key nor variables nor command", () => {
    const container_info = {
      ...active.container_info,
      environment: [{ name: "TOKEN", value: "s3cret" }],
      startup_command: "run s3cret"
    }
    const facts = containerOf(wire.Container.parse({ ...active, container_info }))
    expect(JSON.stringify(facts)).not.toContain("s3cret")
    expect(facts.native.container_info?.startup_command).toBe("<redacted>")
    expect(JSON.stringify(containerOf(wire.Container.parse(active)))).not.toContain("AAAAC3")
  })
})

describe("a VM", () => {
  it("of the documents, active", () => {
    const facts = machineOf(wire.Vm.parse(vm))
    expect(facts).toMatchObject({
      id: vm.id,
      name: "azure-booby-3323",
      gpu: { model: "L40", count: 1, vramMiB: 49_152 },
      vcpus: 14,
      memoryMiB: 121_856,
      location: { country: null, region: "us-central-3", native: "us-central-3" },
      pricePerHour: money("0.76", "USDC"),
      endpoints: {
        ssh: [{ user: "ubuntu", host: "216.81.248.90", port: 22, command: "ssh ubuntu@216.81.248.90" }],
        ports: [],
        urls: []
      },
      native: { status: "ACTIVE", availability: "vm", os_image: "Ubuntu Server 22.04", billing: vm.billing }
    })
  })

  it("has the address that a list shows, also where a single machine shows it as a list does", () => {
    const network = { ...vm.network, domain: null }
    for (const row of [
      { ...vm, domain: "216.81.248.90", network },
      { ...vm, domain: "216.81.248.90", network: null }
    ]) {
      expect(machineOf(wire.Vm.parse(row)).endpoints.ssh[0]?.command).toBe("ssh ubuntu@216.81.248.90")
    }
    expect(machineOf(wire.Vm.parse({ ...vm, network })).endpoints.ssh).toEqual([])
  })

  it.each(["TX", "us", "Texas"])("stands in %s, which is a name and no country for sure", (location) => {
    expect(machineOf(wire.Vm.parse({ ...vm, location })).location).toEqual({
      country: null,
      region: location,
      native: location
    })
  })

  it("of the documents, ended and in lists, has no way in", () => {
    for (const row of [instances.endedVm, ...instances.vms]) {
      expect(machineOf(wire.Vm.parse(row)).endpoints).toEqual({ ssh: [], ports: [], urls: [] })
    }
  })

  it.each([
    ["ssh root@1.2.3.4 -p 2222", "ssh -p 2222 root@1.2.3.4"],
    ["ssh -p 2222 root@host.example", "ssh -p 2222 root@host.example"],
    ["  ssh  ubuntu@h  ", "ssh ubuntu@h"],
    ["ssh -J jump root@h", undefined],
    ["ssh 1.2.3.4", undefined],
    ["ssh root@h; rm -rf /", undefined],
    ["ssh -p 99999 root@h", undefined],
    [null, undefined]
  ])("%j is %j: no user is made up", (ssh_connection, command) => {
    expect(machineOf(wire.Vm.parse({ ...vm, ssh_connection })).endpoints.ssh[0]?.command).toBe(command)
  })
})

test.each([
  ["2026-02-07T14:42:29.472381Z", 1_770_475_349_472],
  ["+002025-03-28T16:26:38.808750000Z", 1_743_179_198_808],
  ["2026-02-07T14:42:29+01:00", 1_770_471_749_000],
  ["+002025-03-01T00:00:000000000Z", null],
  ["2026-02-07T14:42:29", null],
  ["yesterday", null],
  ["", null],
  [null, null]
])("the time %j", (created_at, millis) => {
  const { createdAt } = machineOf(lenient(wire.Vm).parse({ ...vm, created_at }))
  expect(createdAt?.epochMilliseconds ?? null).toBe(millis)
})

test("no payload of the right outline breaks the mapping", () => {
  const text = fc.option(fc.string(), { nil: null })
  const amount = fc.option(fc.double(), { nil: null })
  fc.assert(
    fc.property(
      fc.record({
        name: text,
        domain: text,
        created_at: text,
        uri: text,
        ssh: text,
        count: amount,
        units: text,
        vram: text,
        hourly: amount,
        port: text
      }),
      (any) => {
        const row = {
          id: vm.id,
          name: any.name,
          created_at: any.created_at,
          ssh_connection: any.ssh,
          billing: { hourly_usage: any.hourly },
          network: {
            domain: any.domain,
            uri: any.uri,
            forwarded_ports: [{ port: any.port, external_port: any.port, protocol: "tcp" }]
          },
          resources: {
            supply: { gpu_count: any.count, memory: { count: any.count, units: any.units } },
            gpu_model: { model: any.name, vram: any.vram, interface: any.units }
          }
        }
        expect(machineOf(row).id).toBe(vm.id)
        expect(containerOf(row).id).toBe(vm.id)
      }
    )
  )
})
