import { expect, test } from "vitest"
import { createClient } from "./client.test-support.ts"

test.each([
  ["X-API-KEY", (key: string) => key, 200],
  ["Authorization", (key: string) => `Bearer ${key}`, 200],
  ["Authorization", (key: string) => `bearer ${key}`, 200],
  ["Authorization", (key: string) => `X-API-KEY ${key}`, 200],
  ["Authorization", (key: string) => `Basic ${key}`, 403],
  ["Authorization", (key: string) => key, 403],
  ["Authorization", (key: string) => `Bearer ${key}x`, 403]
])("a key in %s %s is answered %i", async (header, write, status) => {
  const { simulator } = createClient()
  const headers = { [header]: write(simulator.apiKey) }
  const answer = await simulator.fetch(`${simulator.origin}/vms/v2`, { headers })
  expect(answer.status).toBe(status)
  expect(simulator.requests().at(-1)?.authorized).toBe(status === 200)
})

test("the data centres of the CPU family are listed", async () => {
  const { get } = createClient()
  const rows = await get("/v1/marketplace/datacenters")
  expect(rows).toHaveLength(3)
  expect(rows[0]).toMatchObject({
    countryCode: "PL",
    cityCode: "POZ",
    index: 1,
    tier: 4,
    certifications: ["ISO 27001:2022", "SOC2", "PCI DSS"]
  })
  expect(Object.keys(rows[0])).toEqual(["id", "countryCode", "cityCode", "index", "tier", "certifications", "slug"])
})
