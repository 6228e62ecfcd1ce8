import { inspect } from "node:util"
import { fetchTransport } from "@anygpu/core/adapter"
import { createClock } from "@anygpu/simulators"
import { vast } from "@anygpu/vast"
import { describe, expect, it } from "vitest"
import {
  BadResponse,
  createGpu,
  IllegalAction,
  InvalidRequest,
  type LaunchSpec,
  money,
  Network,
  NotFound,
  OutOfFunds,
  ProviderFault,
  Unauthenticated,
  Unsupported
} from "../index.ts"
import { world } from "../testing/world.test-support.ts"

/** The error a call rejects with; fails when it does not. */
const errorOf = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    (answer) => {
      throw new Error(`expected an error, got ${inspect(answer)}`)
    },
    (error: unknown) => error
  )

describe("what bad input gets", () => {
  it("says that a key is wrong, without showing it", async () => {
    const secret = "vast-wrong-key-0123456789"
    const { gpu } = world({ key: secret })
    for (const call of [() => gpu.list(), () => gpu.offers(), () => gpu.get("vast/container/1")]) {
      const error = await errorOf(call())
      expect(error).toBeInstanceOf(Unauthenticated)
      expect(inspect(error, { depth: 9 })).not.toContain(secret)
      expect(String(error)).toMatch(/check the API key/)
    }
  })

  it("refuses an empty key before any client exists", () => {
    expect(() => vast({ apiKey: " " })).toThrow(InvalidRequest)
    expect(() => vast({ apiKey: " " })).toThrow(/apiKey.*VAST_API_KEY/)
  })

  it("knows no machine that was never there", async () => {
    const { gpu } = world()
    expect(await errorOf(gpu.get("vast/container/987654"))).toBeInstanceOf(NotFound)
    expect(await errorOf(gpu.act("vast/container/987654", "stop"))).toBeInstanceOf(NotFound)
  })

  it.each([
    ["nonsense", /provider\/kind\/id/],
    ["vast/toaster/1", /not a kind/],
    ["aws/vm/1", /no aws vm provider/]
  ])("says what is wrong with the ref %s, and sends nothing", async (ref, what) => {
    const { gpu, simulator } = world()
    const error = await errorOf(gpu.get(ref))
    expect(error).toBeInstanceOf(InvalidRequest)
    expect(String(error)).toMatch(what)
    expect(simulator.requests()).toHaveLength(0)
  })

  it("refuses an action that the status forbids, and names the possible ones", async () => {
    const { gpu, spec, writes } = world()
    const machine = await gpu.rent(await spec())
    const before = writes().length
    const error = await errorOf(gpu.act(machine.ref, "start"))
    expect(error).toBeInstanceOf(IllegalAction)
    expect(error).toMatchObject({ action: "start", status: "provisioning", legal: ["terminate", "rename"] })
    expect(writes()).toHaveLength(before)
  })

  it("asks which of several GPUs a name means, and sends nothing", async () => {
    const { gpu, simulator } = world()
    const error = await errorOf(gpu.offers({ gpu: ["H100", "RTX 6000"] }))
    expect(error).toBeInstanceOf(InvalidRequest)
    expect(String(error)).toMatch(/"RTX 6000" names several GPUs; say which: "Quadro RTX 6000"/)
    expect(simulator.requests()).toHaveLength(0)
  })

  it("looks for an unknown GPU by its name, and names the nearest when no offer has it", async () => {
    const { gpu } = world()
    expect((await gpu.offers({ gpu: "RTX 4900" })).items).toEqual([])
    const error = await errorOf(
      gpu.launch({
        job: { duration: "1 hour" },
        name: "job",
        workload: { image: "ubuntu" },
        candidates: { gpu: "RTX 4900" }
      })
    )
    expect(String(error)).toMatch(/"RTX 4900" is not a GPU that anygpu knows; did you mean "RTX 4090"/)
  })

  it.each([
    ["a NaN price", { maxPerHour: { micros: Number.NaN, currency: "USD" } as const }, /maxPerHour/],
    ["a negative price", { maxPerHour: { micros: -1, currency: "USD" } as const }, /zero or more/],
    ["half a GPU", { gpuCount: 0.5 }, /gpuCount/],
    ["an endless memory", { minVramMiB: Number.POSITIVE_INFINITY }, /minVramMiB/],
    ["a reliability in percent", { minReliability: 98 }, /0 to 1/],
    ["an unknown kind", { kind: "toaster" as "vm" }, /unknown kind "toaster"; expected container, vm/],
    ["a country by name", { countries: ["Germany"] }, /two-letter/],
    ["a filter that does not exist", { minVram: 24 } as object, /minVram: is no filter/]
  ])("refuses %s in a filter, and sends nothing", async (_, filter, what) => {
    const { gpu, simulator } = world()
    const error = await errorOf(gpu.offers(filter))
    expect(error).toBeInstanceOf(InvalidRequest)
    expect(String(error)).toMatch(what)
    expect(simulator.requests()).toHaveLength(0)
  })

  it("refuses what is not money", () => {
    expect(() => money(Number.NaN)).toThrow(InvalidRequest)
    expect(() => money(-2)).toThrow(/-2 is not an amount/)
  })

  it.each<[string, Partial<LaunchSpec>, RegExp]>([
    ["port 70000", { ports: [{ port: 22 }, { port: 70_000 }] }, /ports\[1\]\.port: must be 1 to 65535, not 70000/],
    ["a private key", { sshKeys: ["-----BEGIN OPENSSH PRIVATE KEY-----"] }, /sshKeys\[0\].*private key/],
    ["a variable with a space", { env: { "MY VAR": "x" } }, /env\.MY VAR/],
    ["an empty image", { image: " " }, /image/],
    ["no image", { image: undefined as never }, /image: is required/],
    ["a name of nothing", { name: "--" }, /name/],
    ["a disk of nothing", { diskMiB: 0 }, /diskMiB/],
    ["an option that does not exist", { gpuCount: 2 } as object, /gpuCount: is not a launch option/]
  ])("refuses %s in a launch, sends nothing and makes nothing", async (_, wrong, what) => {
    const { gpu, spec, writes, alive } = world()
    const good = await spec()
    const error = await errorOf(gpu.rent({ ...good, ...wrong }))
    expect(error).toBeInstanceOf(InvalidRequest)
    expect(String(error)).toMatch(what)
    expect(writes()).toHaveLength(0)
    expect(alive()).toHaveLength(0)
  })

  it("says everything that is wrong at once", async () => {
    const { gpu, spec } = world()
    const error = await errorOf(gpu.rent({ ...(await spec()), ports: [{ port: 0 }], diskMiB: -5 }))
    expect(error).toMatchObject({ issues: [{ path: "ports[0].port" }, { path: "diskMiB" }] })
  })

  it("refuses an option that the cloud does not have instead of dropping it", async () => {
    const { gpu, spec, writes } = world()
    const error = await errorOf(gpu.rent({ ...(await spec()), os: "ubuntu" }))
    expect(error).toBeInstanceOf(Unsupported)
    expect(error).toMatchObject({ feature: "os", provider: "vast", kind: "container" })
    expect(writes()).toHaveLength(0)
  })

  it("launches nothing dearer than the caller's limit, disk included", async () => {
    const { gpu, spec, writes } = world()
    const good = await spec()
    const error = await errorOf(
      gpu.rent({ ...good, diskMiB: 9_000 * 1024, maxPerHour: good.offer.pricePerHour ?? money(0) })
    )
    expect(error).toBeInstanceOf(OutOfFunds)
    expect(writes()).toHaveLength(0)
  })

  it("launches nothing at an unknown price unless it is allowed", async () => {
    const { gpu, spec, alive } = world()
    const good = await spec()
    const unpriced = { ...good, offer: { ...good.offer, pricePerHour: null, terms: null } }
    expect(String(await errorOf(gpu.rent(unpriced)))).toMatch(/no price.*allowUnknownPrice/)
    expect(alive()).toHaveLength(0)
    await gpu.rent({ ...unpriced, allowUnknownPrice: true })
    expect(alive()).toHaveLength(1)
  })

  it("refuses an invalid base URL, or one that would show the key", () => {
    expect(() => vast({ apiKey: "k", baseUrl: "console.vast.ai" })).toThrow(InvalidRequest)
    expect(() => vast({ apiKey: "k", baseUrl: "http://console.vast.ai" })).toThrow(/https/)
  })

  it("says that a cloud cannot be reached, where, and that nothing was sent", async () => {
    const gpu = createGpu({
      clouds: [vast({ apiKey: "some-key-123", baseUrl: "http://127.0.0.1:1" })],
      clock: createClock()
    })
    const error = await errorOf(gpu.list())
    expect(error).toBeInstanceOf(Network)
    expect(error).toMatchObject({ sent: "no", retry: "exhausted" })
    expect(String(error)).toMatch(/127\.0\.0\.1:1/)
  })

  it.each([
    ["HTML instead of JSON", { kind: "status", status: 200, text: "<!doctype html><title>x</title>" } as const],
    ["a truncated body", { kind: "truncate", clean: true } as const],
    ["a body of another shape", { kind: "status", status: 200, json: { hello: 1 } } as const]
  ])("says what came with %s", async (_, effect) => {
    const { gpu, simulator } = world()
    simulator.fault({ on: { path: "/api/v0/bundles/" }, times: 20, do: effect })
    expect(await errorOf(gpu.offers())).toBeInstanceOf(BadResponse)
  })

  it("calls a status that nobody has seen unknown, and keeps it", async () => {
    const { gpu, spec, simulator } = world()
    const machine = await gpu.rent(await spec())
    simulator.setStatus(Number(machine.ref.id), { actual_status: "hovering" })
    const seen = await gpu.get(machine.ref)
    expect(seen).toMatchObject({ status: "unknown", billing: "unknown", native: { actual_status: "hovering" } })
    expect(seen.actions).toContain("terminate")
  })

  it("gives a wait up on a machine that failed, and names the machine", async () => {
    const { gpu, spec, simulator } = world()
    const machine = await gpu.rent(await spec())
    simulator.failBoot(Number(machine.ref.id))
    const error = await errorOf(gpu.waitUntilReady(machine.ref))
    expect(error).toBeInstanceOf(ProviderFault)
    expect(error).toMatchObject({ ref: machine.ref, leftovers: [machine.ref] })
  })

  it("refuses a client without clouds, or with one twice", () => {
    const one = vast({ apiKey: "k", transport: fetchTransport() })
    expect(() => createGpu({ clouds: [] })).toThrow(/at least one/)
    expect(() => createGpu({ clouds: [one, one] })).toThrow(/vast twice/)
  })
})
