import { InstanceRef } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { createGpu, InvalidRequest, money } from "../index.ts"
import { world } from "../testing/world.test-support.ts"

/** The error a call ends with; undefined when it does not. */
const errorOf = (call: () => Promise<unknown>): Promise<unknown> =>
  call().then(
    () => undefined,
    (error: unknown) => error
  )

/** As a program in plain JavaScript passes it: no type helps. */
const untyped = <T>(value: unknown): T => value as T

/** Refused by name, before anything is sent. */
const refused = (error: unknown, path: string, problem: RegExp): void => {
  expect(error).toBeInstanceOf(InvalidRequest)
  const { issues } = error as InvalidRequest
  expect(issues).toContainEqual({ path, problem: expect.stringMatching(problem) })
}

const secret = "hf_do_not_show_me"

describe("in plain JavaScript", () => {
  it.each<[unknown, string, RegExp]>([
    [null, "filter", /must be an object, not null/],
    ["H100", "filter", /must be an object, not a text/],
    [{ gpu: 5 }, "gpu", /must be a text or a list of texts, not a number/],
    [{ gpu: null }, "gpu", /not null/],
    [{ gpu: ["H100", 5] }, "gpu[1]", /must be a text, not a number/],
    [{ kind: null }, "kind", /not null/],
    [{ countries: "US" }, "countries", /must be a list of texts, not a text/],
    [{ countries: [1] }, "countries[0]", /must be a text/],
    [{ gpuCount: "2" }, "gpuCount", /must be a number, not a text/],
    [{ maxPerHour: 2 }, "maxPerHour", /made by money\(\), not a number/],
    [{ maxPerHour: { micros: 5 } }, "maxPerHour.currency", /USD or USDC, not undefined/],
    [{ interruptible: "false" }, "interruptible", /must be true or false, not a text/],
    [{ limit: 1, signal: "soon" }, "signal", /AbortSignal/]
  ])("the filter %j is refused", async (filter, path, problem) => {
    const { gpu, simulator } = world()
    refused(await errorOf(() => gpu.offers(untyped(filter))), path, problem)
    refused(await errorOf(() => gpu.clouds.vast.containers.offers(untyped(filter))), path, problem)
    expect(simulator.requests()).toHaveLength(0)
  })

  it.each<[string, unknown, string, RegExp]>([
    ["null", null, "spec", /must be an object, not null/],
    ["nothing", undefined, "spec", /not undefined/],
    ["an empty object", {}, "offer", /must be an offer.*not undefined/]
  ])("a launch of %s is refused", async (_, spec, path, problem) => {
    const { gpu, simulator } = world()
    refused(await errorOf(() => gpu.rent(untyped(spec))), path, problem)
    refused(await errorOf(() => gpu.clouds.vast.containers.launch(untyped(spec))), path, problem)
    expect(simulator.requests()).toHaveLength(0)
  })

  it.each<[object, string, RegExp]>([
    [{ offer: "48001000" }, "offer", /must be an offer.*not a text/],
    [{ offer: { id: 5 } }, "offer.id", /must be a text, not a number/],
    [{ name: 5 }, "name", /must be a text/],
    [{ key: 5 }, "key", /must be a text/],
    [{ maxPerHour: null }, "maxPerHour", /made by money\(\), not null/],
    [{ maxPerHour: 2 }, "maxPerHour", /not a number/],
    [{ allowUnknownPrice: "false" }, "allowUnknownPrice", /true or false/],
    [{ image: 5 }, "image", /must be a text, not a number/],
    [{ env: null }, "env", /not null/],
    [{ env: new Map([["TOKEN", secret]]) }, "env", /must be an object of texts/],
    [{ env: [`TOKEN=${secret}`] }, "env", /not a list/],
    [{ env: { [`TOKEN=${secret}`]: "" } }, "env.TOKEN", /is not a variable name/],
    [{ ports: 8080 }, "ports", /must be a list of ports.*not a number/],
    [{ ports: [8080] }, "ports[0]", /such as \{ port: 8080 \}, not a number/],
    [{ ports: [{ port: 53, protocol: "sctp" }] }, "ports[0].protocol", /tcp or udp or http/],
    [{ sshKeys: `ssh-ed25519 ${secret}` }, "sshKeys", /must be a list of texts, not a text/],
    [{ command: `serve ${secret}` }, "command", /must be a list of texts, not a text/],
    [{ onStart: 5 }, "onStart", /must be a text/],
    [{ diskMiB: "20480" }, "diskMiB", /must be a number, not a text/],
    [{ registry: { host: "ghcr.io", username: "me", password: 12345 } }, "registry.password", /not a number/],
    [{ registry: secret }, "registry", /host, username and password, not a text/]
  ])("a launch with %j is refused", async (wrong, path, problem) => {
    const { gpu, simulator, spec } = world()
    const good = await spec()
    const before = simulator.requests().length
    for (const launch of [gpu.rent, gpu.clouds.vast.containers.launch]) {
      const error = await errorOf(() => launch(untyped({ ...good, ...wrong })))
      refused(error, path, problem)
      expect(String(error)).not.toContain(secret)
    }
    expect(simulator.requests()).toHaveLength(before)
  })

  it("says of a misshapen launch all that is misshapen", async () => {
    const { gpu, spec } = world()
    const error = await errorOf(async () => gpu.rent(untyped({ ...(await spec()), image: 5, ports: 80, gpus: 2 })))
    expect((error as InvalidRequest).issues.map(({ path }) => path)).toEqual(["gpus", "image", "ports"])
  })

  it("counts undefined as absent", async () => {
    const { gpu, spec } = world()
    const nothing = Object.fromEntries(["kind", "gpu", "countries", "interruptible", "signal"].map((name) => [name]))
    expect(await gpu.offers({ limit: 1, ...nothing })).toHaveProperty("items.length", 1)
    expect(await gpu.offers(untyped({ signal: undefined }))).toHaveProperty("complete", true)
    expect(await gpu.list(untyped({ signal: undefined }))).toHaveProperty("complete", true)
    const machine = await gpu.rent(untyped({ ...(await spec()), os: undefined, bid: undefined, env: undefined }))
    const wait = { signal: undefined, within: undefined, onChange: undefined }
    expect(await gpu.waitUntilReady(machine.ref, untyped(wait))).toMatchObject({ status: "running" })
    expect(await gpu.terminate(machine.ref, untyped(wait))).toMatchObject({ alreadyGone: false })
  })

  it("honours a signal of another realm", async () => {
    const { gpu, spec } = world()
    const machine = await gpu.rent(await spec())
    const listeners: Array<() => void> = []
    const reason = new Error("enough")
    const signal = {
      aborted: false,
      reason: undefined as unknown,
      addEventListener: (_: string, listener: () => void) => listeners.push(listener)
    }
    const wait = gpu.waitUntilReady(machine.ref, {
      signal: untyped(signal),
      onChange: () => {
        Object.assign(signal, { aborted: true, reason })
        for (const listener of listeners) listener()
      }
    })
    await expect(wait).rejects.toBe(reason)
    await expect(gpu.list({ signal: untyped(signal) })).rejects.toBe(reason)
  })

  it("refuses clouds that are no list", () => {
    expect(() => createGpu({ clouds: untyped<[]>({}) })).toThrow(InvalidRequest)
  })
})

describe("what is no machine", () => {
  it.each<[string, unknown, RegExp]>([
    ["nothing", undefined, /vast\/container\/123.*\.ref/],
    ["an empty object", {}, /provider, kind and id as texts/],
    ["a number as the id", { provider: "vast", kind: "container", id: 5 }, /texts/],
    ["an empty id", { provider: "vast", kind: "container", id: "" }, /texts/],
    ["an offer", { provider: "vast", kind: "container", id: "5", pricePerHour: null }, /nothing more/],
    ["a whole machine", { ref: new InstanceRef("vast", "container", "5") }, /pass its \.ref/],
    ["a ref without an id", new InstanceRef("vast", "container", ""), /texts/]
  ])("is refused by every operation: %s", async (_, target, problem) => {
    const { gpu, simulator } = world()
    const { containers } = gpu.clouds.vast
    const ref = untyped<InstanceRef<"vast", "container">>(target)
    for (const call of [
      () => gpu.get(ref),
      () => gpu.terminate(ref),
      () => gpu.waitUntilReady(ref),
      () => gpu.act(ref, "stop"),
      () => containers.get(ref),
      () => containers.terminate(ref),
      () => containers.rename(ref, "other"),
      () => containers.logs(ref)
    ]) {
      refused(await errorOf(call), "ref", problem)
    }
    expect(simulator.requests()).toHaveLength(0)
  })

  it("is a machine of another kind or provider", async () => {
    const { gpu, spec, simulator, alive } = world()
    const { ref } = await gpu.rent(await spec())
    const before = simulator.requests().length
    const { vms, containers } = gpu.clouds.vast
    refused(await errorOf(() => vms.terminate(untyped(ref))), "ref", /no machine of this provider, which has vast\/vm/)
    refused(await errorOf(() => vms.stop(untyped(String(ref)))), "ref", /vast\/vm/)
    const other = { provider: "huddle", kind: "container", id: ref.id }
    refused(await errorOf(() => containers.terminate(untyped(other))), "ref", /huddle\/container/)
    expect(simulator.requests()).toHaveLength(before)
    expect(alive()).toHaveLength(1)
  })
})

it("takes a ref, its text and its parts for the same machine, in the ledger too", async () => {
  const { gpu, spec, ledger, alive } = world()
  const { ref } = await gpu.rent(await spec())
  const { containers } = gpu.clouds.vast
  const { provider, kind, id } = ref
  for (const same of [String(ref), { provider, kind, id }, JSON.parse(JSON.stringify(ref))]) {
    expect((await gpu.get(untyped(same))).ref).toEqual(ref)
    expect((await containers.get(untyped(same))).ref).toEqual(ref)
  }
  const ended = await containers.terminate(untyped({ provider, kind, id }))
  expect(ended.ref).toBeInstanceOf(InstanceRef)
  expect(ended.alreadyGone).toBe(false)
  expect(alive()).toHaveLength(0)
  expect((await gpu.get(ref)).status).toBe("terminated")
  const known = await Effect.runPromise(ledger.machines("vast", "container"))
  expect([...known.keys()]).toEqual([id])
})

it.each<[string, ReadonlyArray<unknown>, string]>([
  ["changeBid", [0.5], "perHour"],
  ["rename", [5], "name"],
  ["logs", [{ tail: "50" }], "tail"],
  ["attachSshKey", [undefined], "publicKey"],
  ["detachSshKey", [5], "id"]
])("refuses the wrong arguments of %s", async (op, args, path) => {
  const { gpu, simulator } = world()
  const act = untyped<(...all: ReadonlyArray<unknown>) => Promise<unknown>>(gpu.act)
  refused(await errorOf(() => act("vast/container/1", op, ...args)), path, /must be/)
  expect(simulator.requests()).toHaveLength(0)
})

it("refuses a wait that has no end, pace or aim", async () => {
  const { gpu, simulator } = world()
  const ref = "vast/container/1"
  refused(await errorOf(() => gpu.waitUntilReady(ref, untyped({ within: "soon" }))), "within", /must be a time/)
  refused(await errorOf(() => gpu.waitUntilReady(ref, { within: Number.NaN })), "within", /must be a time/)
  refused(await errorOf(() => gpu.waitFor(ref, "running", untyped({ every: "often" }))), "every", /must be a time/)
  refused(await errorOf(() => gpu.waitFor(ref, untyped("runing"))), "status", /running/)
  refused(await errorOf(() => gpu.terminate(ref, untyped({ within: "soon" }))), "within", /must be a time/)
  refused(await errorOf(() => gpu.terminate(ref, untyped({ ifBusy: "retry" }))), "ifBusy", /wait or fail/)
  expect(simulator.requests()).toHaveLength(0)
})

it("knows no price for a disk or a bid that no terms price", async () => {
  const { gpu, spec, writes } = world()
  const good = await spec()
  const offer = { ...good.offer, terms: null }
  for (const more of [{ diskMiB: 900_000 }, { bid: money("0.5") }]) {
    const error = await errorOf(() => gpu.rent({ ...good, offer, ...more, maxPerHour: money(100) }))
    refused(error, "offer", /no price for its disk; pass allowUnknownPrice/)
  }
  expect(writes()).toHaveLength(0)
})
