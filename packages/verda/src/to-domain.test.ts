import { readdirSync } from "node:fs"
import { money } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import { describe, expect, test } from "vitest"
import type * as z from "zod"
import { world } from "./cloud.test-support.ts"
import availability from "./fixtures/availability.json" with { type: "json" }
import balance from "./fixtures/balance.json" with { type: "json" }
import create from "./fixtures/create.json" with { type: "json" }
import created from "./fixtures/created.json" with { type: "json" }
import end from "./fixtures/end.json" with { type: "json" }
import eviction from "./fixtures/eviction.json" with { type: "json" }
import image from "./fixtures/image.json" with { type: "json" }
import instance from "./fixtures/instance.json" with { type: "json" }
import key from "./fixtures/key.json" with { type: "json" }
import locations from "./fixtures/locations.json" with { type: "json" }
import script from "./fixtures/script.json" with { type: "json" }
import pair from "./fixtures/token.json" with { type: "json" }
import credentials from "./fixtures/token-body.json" with { type: "json" }
import types from "./fixtures/types.json" with { type: "json" }
import volume from "./fixtures/volume.json" with { type: "json" }
import volumeType from "./fixtures/volume-type.json" with { type: "json" }
import type { Machine } from "./machine.ts"
import { instanceOf } from "./to-domain.ts"
import * as wire from "./wire.ts"

/** Every documented payload of the API, and what reads or writes it; the three that are refusals are in `errors.test.ts`. */
const payloads: ReadonlyArray<readonly [name: string, schema: z.ZodType, rows: ReadonlyArray<unknown>]> = [
  ["token-body", wire.TokenBody, [credentials]],
  ["token", wire.TokenPair, [pair]],
  ["balance", wire.Balance, [balance]],
  ["locations", wire.Location, locations],
  ["types", wire.InstanceType, types],
  ["availability", wire.Availability, availability],
  ["create", wire.CreateInstance, [create]],
  ["created", wire.NewId, [created]],
  ["instance", wire.Instance, [instance]],
  ["end", wire.InstanceAction, [end]],
  ["volume", wire.Volume, [volume]],
  ["volume-type", wire.VolumeType, [volumeType]],
  ["key", wire.Key, [key]],
  ["script", wire.Shown, [script]],
  ["image", wire.Image, [image]],
  ["eviction", wire.Event, [eviction]]
]
const refusals = ["unauthorized", "no-capacity", "action-results"]

describe("documented payloads", () => {
  test.each(payloads)("%s is decoded", (_, schema, rows) => {
    for (const row of rows) expect(schema.safeParse(row).success).toBe(true)
  })
  test("are all of them", () => {
    const files = readdirSync(new URL("fixtures", import.meta.url)).map((file) => file.replace(/\.json$/, ""))
    expect([...payloads.map(([name]) => name), ...refusals].toSorted()).toEqual(files.toSorted())
    expect(files).toHaveLength(19)
  })
})

const market = {
  "GET /v1/instance-types": { json: types },
  "GET /v1/volume-types": { json: [volumeType] },
  "GET /v1/locations": { json: locations },
  "GET /v1/instance-availability": {
    json: [
      { location_code: "FIN-01", availabilities: ["2A6000.20V", "CPU.120V.480G", "1H100.80S.30V"] },
      { location_code: "FIN-09", availabilities: ["2A6000.20V"] }
    ]
  }
}

describe("offers", () => {
  test("are types at places: the documented rows in common terms", async () => {
    const { vms, run, sent } = world(market)
    const { items, complete } = await run(vms.offers({}))
    expect(complete).toBe(true)
    expect(items.map(({ id }) => id)).toEqual(["2A6000.20V@FIN-01", "2A6000.20V@FIN-09", "1H100.80S.30V@FIN-01"])
    expect(items[0]).toMatchObject({
      gpu: { model: "RTX A6000", count: 2, vramMiB: 48 * 1024 },
      ...{ vcpus: 20, memoryMiB: 114_440, diskMiB: 47_683, storageMiB: null, interruptible: false },
      location: { country: "FI", region: "FIN-01", native: "Finland 1" },
      systems: ["ubuntu-22.04", "ubuntu-24.04"],
      // 50 GB at 0.20 a month of 730 hours are 0.0137 an hour, rounded up.
      pricePerHour: money("1.993699"),
      terms: {
        compute: { perHour: money("1.98"), stepSeconds: 1, minimumSeconds: 0, whileStopped: true },
        storage: { perUnitMonth: money("0.2"), hoursPerMonth: 730, whileStopped: true, minimumUnits: 50 },
        ...{ traffic: "unknown", upfront: { seconds: 600, refundableSeconds: 600 } }
      }
    })
    expect(items[1]?.location).toEqual({ country: null, region: "FIN-09", native: "FIN-09" })
    expect(sent.map(({ url }) => url).filter((url) => url.includes("availability"))).toEqual([
      "https://api.verda.com/v1/instance-availability?is_spot=false"
    ])
  })

  test("as spot have a price and a stock of their own", async () => {
    const { vms, run, sent } = world(market)
    const { items } = await run(vms.offers({ gpu: "H100", interruptible: true, minDiskMiB: 204_800 }))
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({
      ...{ id: "1H100.80S.30V+spot@FIN-01", interruptible: true, diskMiB: 205_039 },
      terms: { compute: { perHour: money("1.70") } }
    })
    expect(sent.some(({ url }) => url.endsWith("is_spot=true"))).toBe(true)
  })

  test("without GPUs come where processors are looked for, and nothing of a GPU is", async () => {
    const { vms, run } = world(market)
    const { items } = await run(vms.offers({ kind: "vm", minVcpus: 100 }))
    expect(items.map(({ id, gpu }) => [id, gpu])).toEqual([["CPU.120V.480G@FIN-01", null]])
  })

  test("without a price of disks have none: nothing is guessed", async () => {
    const { vms, run } = world({ ...market, "GET /v1/volume-types": { json: [] } })
    const { items } = await run(vms.offers({}))
    expect(items.every(({ pricePerHour, terms }) => pricePerHour === null && terms === null)).toBe(true)
  })
})

describe("a machine", () => {
  const row: Machine = { ...wire.Instance.parse(instance), currency: "usd", disks: [] }
  const disk = wire.Volume.parse({ ...volume, currency: "usd" })

  test("is the documented one in common terms, without its Jupyter token", () => {
    const machine = instanceOf({ ...row, disks: [disk, disk] })
    expect(machine).toMatchObject({
      ...{ id: instance.id, name: "hazy-star-swims-fin-01", marker: null, vcpus: 176, interruptible: false },
      gpu: { model: "A100", count: 8, vramMiB: null },
      endpoints: { ssh: [{ host: "1.2.3.4", port: 22, user: "root" }] },
      storageMiB: 95_367,
      // 2.481 and twice 0.0273972602739726, each rounded up.
      pricePerHour: money("2.535796"),
      location: { country: null, region: "FIN-01" }
    })
    expect(machine.createdAt && DateTime.formatIso(machine.createdAt)).toBe("2023-07-15T14:10:26.654Z")
    expect(JSON.stringify(machine)).not.toContain(instance.jupyter_token)
  })

  test("has a price only where all of it is known", () => {
    const { currency: _, ...nowhere } = row
    const { disks: __, ...unread } = row
    const euros = { ...row, currency: "eur" }
    const inEuros = { ...row, disks: [{ ...disk, currency: "eur" }] }
    for (const one of [nowhere, unread, euros, inEuros]) expect(instanceOf(one).pricePerHour).toBeNull()
    expect(instanceOf({ ...row, price_per_hour: "2.481" }).pricePerHour).toEqual(money("2.481"))
  })

  test("has its marker in its name, or in its tag", () => {
    const tag = { key: "anygpu", value: "agk3f9x2m7q1" }
    expect(instanceOf({ ...row, hostname: "mine-agk3f9x2m7q1" })).toMatchObject({
      name: "mine",
      marker: "agk3f9x2m7q1"
    })
    expect(instanceOf({ ...row, tags: [tag] }).marker).toBe("agk3f9x2m7q1")
    expect(instanceOf({ ...row, tags: [{ ...tag, value: "other" }] }).marker).toBeNull()
  })
})
