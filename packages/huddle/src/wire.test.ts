import { describe, expect, it, test } from "vitest"
import { apiKey, ok, page, refusal, row, world } from "./cloud.test-support.ts"
import apiKeyMade from "./fixtures/api-key.json" with { type: "json" }
import availability from "./fixtures/availability.json" with { type: "json" }
import badRequest from "./fixtures/bad-request.json" with { type: "json" }
import balance from "./fixtures/balance.json" with { type: "json" }
import deployed from "./fixtures/deploy.json" with { type: "json" }
import deployRequest from "./fixtures/deploy-request.json" with { type: "json" }
import insufficient from "./fixtures/insufficient-credits.json" with { type: "json" }
import offers from "./fixtures/offers.json" with { type: "json" }
import offersGuide from "./fixtures/offers-guide.json" with { type: "json" }
import running from "./fixtures/running.json" with { type: "json" }
import keys from "./fixtures/ssh-keys.json" with { type: "json" }
import volume from "./fixtures/volume.json" with { type: "json" }
import volumeRequest from "./fixtures/volume-request.json" with { type: "json" }
import waitlist from "./fixtures/waitlist.json" with { type: "json" }
import webhook from "./fixtures/webhook.json" with { type: "json" }
import * as wire from "./wire.ts"

describe("the documented payloads decode", () => {
  it("requests, as they are", () => {
    expect(wire.DeployBody.parse(deployRequest)).toEqual(deployRequest)
    expect(wire.VolumeBody.parse(volumeRequest)).toEqual(volumeRequest)
    expect(wire.ActionBody.parse({ action: "delete" })).toEqual({ action: "delete" })
  })

  it("a machine that was ordered, and one that runs", () => {
    expect(wire.OneDeployment.parse(deployed)).toMatchObject({
      id: "dep_abc123",
      provider_id: "verda-id",
      status: "ordered",
      specs: { gpu_model: "A100", price_per_hr: 0.965 }
    })
    expect(wire.ActionAnswer.parse(running)).toMatchObject({
      status: "running",
      ip: "95.216.229.232",
      ssh_user: "root"
    })
  })

  it("offers, in both shapes of a list and of a place", () => {
    const reference = wire.Page.parse(offers)
    expect(reference.meta).toEqual({ total: 24 })
    expect(wire.Offer.parse(reference.rows[0]).regions).toEqual([
      { code: "FIN-03", name: "Finland 3", country_code: "FI" }
    ])
    const guide = wire.Page.parse(offersGuide)
    expect(guide.meta).toEqual({ total: 15, has_more: false })
    expect(wire.Offer.parse(guide.rows[0]).regions).toEqual(["FIN-01", "FIN-03"])
  })

  it("the rest", () => {
    expect(wire.Availability.parse(availability)).toEqual({ cluster_type: "1A100.22V", is_available: true })
    expect(wire.Balance.parse(balance)).toEqual({ balance_cents: 5000, balance_usd: 50 })
    expect(wire.AnyList.parse(keys)).toMatchObject([
      { id: "sk_abc123", name: "my-laptop", fingerprint: "SHA256:xYz..." }
    ])
    expect(wire.OneVolume.parse(volume)).toMatchObject({ id: "vol_abc123", size: 500, base_hourly_cost: 0.05 })
    expect(wire.WaitlistRequest.parse(waitlist)).toMatchObject({ id: "wr_abc123", status: "waiting" })
    expect(wire.Webhook.parse(webhook)).toMatchObject({ secret: "whsec_...", is_active: true })
    expect(wire.ApiKey.parse(apiKeyMade)).toMatchObject({ prefix: "mk_9f8e7d", secret: "mk_9f8e7d..." })
  })

  it("and the errors mean what they say", async () => {
    const { cloud, fails } = world({
      "POST /deployments/clusters": [
        { status: 402, json: insufficient },
        { status: 400, json: badRequest }
      ]
    })
    expect(await fails(cloud.native.deploy({ body: deployRequest }))).toMatchObject({
      _tag: "OutOfFunds",
      available: { micros: 12_500_000, currency: "USD" },
      needed: { micros: 20_000_000, currency: "USD" }
    })
    expect(await fails(cloud.native.deploy({ body: deployRequest }))).toMatchObject({
      _tag: "InvalidRequest",
      issues: [{ problem: "Missing required field: hostname" }]
    })
  })
})

describe("a list", () => {
  it.each([
    ["with its rows one deeper", { data: { data: [1], meta: { total: 1 } } }, [1]],
    ["with its rows at once", { data: [1], meta: { total: 1 } }, [1]],
    ["without meta", { data: { data: [1] } }, [1]],
    ["that is null is empty", { data: null }, []],
    ["that is null one deeper is empty", { data: { data: null, meta: { total: 0 } } }, []]
  ])("%s", (_, answer, rows) => {
    expect(wire.Page.parse(answer).rows).toEqual(rows)
  })

  it("that is missing is refused: it never reads as empty", async () => {
    for (const answer of [{}, { code: "OK" }, [], "ok", { data: {} }, { data: { data: {} } }, undefined]) {
      expect(wire.Page.safeParse(answer).success).toBe(false)
      expect(wire.AnyList.safeParse(answer).success).toBe(false)
    }
    const { vms, fails } = world({ "GET /deployments": { json: { code: "OK" } } })
    expect((await fails(vms.list()))._tag).toBe("BadResponse")
  })
})

test("numbers may be texts", () => {
  const texts = { instance_type: "a", gpu_count: "8", gpu_vram_gb: "141", price_per_hr: "0.965000", regions: null }
  expect(wire.Offer.parse(texts)).toMatchObject({ gpu_count: 8, gpu_vram_gb: 141, price_per_hr: "0.965000" })
  expect(wire.Page.parse({ data: [], meta: { total: "24", next_cursor: 7 } }).meta).toEqual({
    total: 24,
    next_cursor: "7"
  })
  expect(wire.Offer.safeParse({ ...texts, gpu_count: "eight" }).success).toBe(false)
})

test("a word nobody knows does not break a row, nor a field that is missing", async () => {
  const { vms, run } = world({
    "GET /deployments": page([
      row({ status: "hibernating" }),
      { id: "bare" },
      { id: "null", specs: null, status: null }
    ])
  })
  const listing = await run(vms.list())
  expect(listing.complete).toBe(true)
  expect(listing.items.map(({ status }) => status)).toEqual(["unknown", "unknown", "unknown"])
  expect(listing.items[0]?.native).toMatchObject({ status: "hibernating" })
})

test("a row that cannot be read costs only itself, and is said", async () => {
  const { vms, run } = world({ "GET /deployments": page([row(), { hostname: "no id" }]) })
  const listing = await run(vms.list())
  expect([listing.items.length, listing.complete]).toEqual([1, false])
  expect(listing.problems).toMatchObject([
    { part: "machines[1]", error: { _tag: "BadResponse", path: "machines[1].id" } }
  ])
})

test("an answer of no or another content is success where none is documented", async () => {
  for (const reply of [{ text: "" }, { status: 204, text: "" }, ok(null), { json: { ok: true } }]) {
    const { cloud, run } = world({ "DELETE /deployments/a": reply, "POST /deployments/a/actions": reply })
    await run(cloud.native.deleteDeployment({ params: { id: "a" } }))
    expect(await run(cloud.native.actOnDeployment({ params: { id: "a" }, body: { action: "delete" } }))).toBeNull()
  }
})

test("the key is in no error", async () => {
  const { cloud, fails } = world({ "GET /billing/balance": refusal(400, apiKey, `bad key ${apiKey}`) })
  const error = await fails(cloud.native.balance())
  expect(`${JSON.stringify(error)} ${error.message} ${error.stack}`).not.toContain(apiKey)
})
