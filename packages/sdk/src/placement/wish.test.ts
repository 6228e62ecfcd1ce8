import { memoryLedger } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import type { CloudScript, Stand } from "../testing/market.ts"
import { errorOf, request, setUp, two, untyped } from "./placement.test-support.ts"

const takes = ["ports", "onStart", "command", "volumes", "diskMiB", "sshKeys", "bid"] as const
const whole = {
  ...request,
  key: "nightly",
  workload: {
    os: "ubuntu",
    env: { A: "1", B: "2" },
    ports: [{ port: 8000 }, { port: 53, protocol: "udp" }],
    onStart: "echo hello",
    volumes: [{ name: "data", sizeMiB: 1024 }]
  }
} as const
/** The same with other options. */
const running = (more: object) => ({ workload: { ...whole.workload, ...more } })

describe("the key of another launch", () => {
  const cloud = two({ takes })

  test.each<[string, object, string]>([
    ["variables", running({ env: { A: "1" } }), "variables A, B, not A"],
    ["variables left out", running({ env: undefined }), "variables A, B, not none"],
    ["ports", running({ ports: [{ port: 8000 }] }), "ports 53/udp, 8000/tcp, not 8000/tcp"],
    ["a start script", running({ onStart: "echo" }), 'start script "10 characters", not "4 characters"'],
    ["volumes", running({ volumes: [{ name: "data", sizeMiB: 2048 }] }), "volumes data 1024, not data 2048"],
    ["a command", running({ command: ["train"] }), 'command none, not "1 arguments"'],
    ["a disk", { job: { duration: "3 hours", storageMiB: 2048 } }, 'disk in MiB none, not "2048"'],
    ["a place", running({ location: "FI" }), 'location none, not "FI"'],
    ["no system", running({ os: undefined }), 'os "ubuntu", not none'],
    ["a kind", { candidates: { kind: "container" } }, 'kind "vm", not "container"'],
    ["GPUs", { candidates: { gpu: "rtx 4090" } }, "with 1x H100, not gpu rtx 4090"],
    ["so many GPUs", { candidates: { gpuCount: 7 } }, "not gpuCount 7"],
    ["more memory", { candidates: { minVramMiB: 1_000_000 } }, "not minVramMiB 1000000"],
    ["more memory in total", { candidates: { minTotalVramMiB: 1_000_000 } }, "not minTotalVramMiB 1000000"],
    ["at least so many GPUs", { candidates: { minGpuCount: 7 } }, "not minGpuCount 7"],
    ["another place", { candidates: { excludePlaces: ["EU"] } }, "in FI, not excludePlaces EU"],
    ["another region", { candidates: { excludePlaces: ["south-1"] } }, "in FI, unknown place"],
    ["a country", { candidates: { countries: ["AQ"] } }, "not countries AQ"],
    ["a region", { candidates: { regions: ["south-1"] } }, "not regions south-1"],
    ["offers that may be taken away", { candidates: { interruptible: true } }, "on an offer that is not interruptible"]
  ])("with other wishes, %s, is a Conflict, before and at the launch", async (_, other, says) => {
    const { gpu, creates } = setUp(cloud)
    await gpu.launch(whole)
    for (const call of [gpu.earlierLaunch({ ...whole, ...other }), gpu.launch({ ...whole, ...other })]) {
      expect(await errorOf(call)).toMatchObject({ _tag: "Conflict", message: expect.stringContaining(says) })
    }
    expect(creates).toEqual(["acme/a"])
  })

  test.each<[string, object]>([
    [
      "lists in another order",
      running({ env: { B: "2", A: "1" }, ports: [whole.workload.ports[1], { port: 8000, protocol: "tcp" }] })
    ],
    ["values that the ledger does not keep", running({ env: { A: "3", B: "4" } })],
    ["limits", { limits: { maxPerHour: { micros: 1, currency: "USD" } } }],
    ["a ttl", { ttl: "1 hour" }],
    ["filters that it passes", { candidates: { kind: ["vm"], interruptible: false, minVcpus: 1000 } }],
    ["what adapt gives", { adapt: () => ({ env: { C: "3" } }) }]
  ])("is the same launch with other %s", async (_, other) => {
    const { gpu, creates } = setUp(cloud)
    const { instance } = await gpu.launch(whole)
    const again = await gpu.earlierLaunch({ ...whole, ...other })
    expect(String(again?.ref)).toBe(String(instance.ref))
    expect(creates).toEqual(["acme/a"])
  })

  test("also where it is asked on one offer", async () => {
    const { gpu, creates } = setUp(cloud)
    const [offer] = await gpu.offers()
    if (!offer) throw new Error("no offer")
    const spec = { offer, name: "train", os: "ubuntu", key: "nightly", env: { A: "1" } }
    const { ref } = await gpu.rent(spec)
    expect(String((await gpu.rent(spec)).ref)).toBe(String(ref))
    expect(await errorOf(gpu.rent({ ...spec, env: { A: "1", B: "2" } }))).toMatchObject({
      _tag: "Conflict",
      message: expect.stringContaining("variables A, not A, B")
    })
    expect(creates).toEqual(["acme/a"])
  })

  test("on a cloud that is not in the client is a Conflict", async () => {
    const ledger = memoryLedger()
    await setUp(cloud, { ledger }).gpu.launch({ ...request, key: "nightly" })
    const { gpu, creates } = setUp([{ name: "other", stands: [{ id: "b", perHour: "1" }] }], { ledger })
    expect(await errorOf(gpu.launch({ ...request, key: "nightly" }))).toMatchObject({
      _tag: "Conflict",
      message: expect.stringContaining("on acme vm, which this client does not have")
    })
    expect(creates).toEqual([])
  })
})

describe("an earlier launch", () => {
  test("is asked for without the market, and is null while its key is free", async () => {
    const { gpu } = setUp([{ name: "acme", stands: [] }])
    expect(await gpu.earlierLaunch(whole)).toBe(null)
    expect(await gpu.earlierLaunch(request)).toBe(null)
  })

  test("is waited for until it is ready, or only until it is created", async () => {
    const { client, clock } = setUp(two({ createMs: 1000 }))
    const launch = client().launch({ ...request, key: "nightly" })
    await clock.sleep(100)
    const made = await client().earlierLaunch({ ...request, key: "nightly", until: "created" })
    expect(made?.status).not.toBe("running")
    const ready = await client().earlierLaunch({ ...request, key: "nightly" })
    expect(ready?.status).toBe("running")
    expect([String(made?.ref), String(ready?.ref)]).toEqual(Array(2).fill(String((await launch).instance.ref)))
  })

  test("refuses what a launch would refuse", async () => {
    const { gpu } = setUp(two())
    const wrong = [
      { ...request, name: "" },
      { ...request, strategy: "race" as const, key: "k" }
    ]
    for (const one of wrong) expect((await errorOf(gpu.earlierLaunch(one)))._tag).toBe("InvalidRequest")
    expect((await errorOf(gpu.earlierLaunch(untyped({ ...request, until: "then" }))))._tag).toBe("InvalidRequest")
  })

  test("is answered also while its cloud is asked too often for a while", async () => {
    const script: CloudScript = { name: "acme", stands: [{ id: "a", perHour: "1" }] }
    const { gpu } = setUp([script])
    const { instance } = await gpu.launch({ ...request, key: "nightly" })
    script.readsLimited = 3
    const made = await gpu.earlierLaunch({ ...request, key: "nightly", until: "created" })
    expect(String(made?.ref)).toBe(String(instance.ref))
    script.readsLimited = 100
    const tired = await errorOf(gpu.earlierLaunch({ ...request, key: "nightly", until: "created" }))
    expect(tired._tag).toBe("RateLimited")
  })

  test("is the answer to who comes too late for the last offer", async () => {
    const stand: Stand = { id: "a", perHour: "1" }
    const { client, clock, creates } = setUp([{ name: "acme", stands: [stand], latencyMs: 100, createMs: 1000 }])
    const candidates = await client().compare({ job: request.job })
    const [first, second] = [client(), client()].map((gpu, index) =>
      gpu.launch({ ...request, key: "nightly", ...(index === 0 && { candidates }) })
    )
    // The first has read its offer again by then, and the second is about to.
    await clock.sleep(150)
    stand.gone = true
    expect(String((await second)?.instance.ref)).toBe(String((await first)?.instance.ref))
    expect(creates).toEqual(["acme/a"])
  })
})
