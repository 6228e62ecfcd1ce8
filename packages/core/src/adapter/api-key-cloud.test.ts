import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import * as z from "zod"
import type { Account } from "./account.ts"
import { apiKeyCloud } from "./api-key-cloud.ts"
import { endpointsOf } from "./endpoint.ts"
import { fetchTransport } from "./fetch-transport.ts"

const route = endpointsOf({ source: "Acme API reference", limit: { calls: 60, perSeconds: 60 } })
const endpoints = {
  me: route({ operation: "me", method: "GET", path: "/v1/me", answer: z.object({ id: z.string() }), repeat: "safe" }),
  fast: route({
    ...{ operation: "fast", method: "GET", path: "/v1/fast", answer: z.unknown(), repeat: "safe" },
    ...{ source: "Acme changelog", limit: { calls: 1, perSeconds: 1 } }
  })
} as const

let account: Account | undefined
const acme = apiKeyCloud({
  described: {
    name: "acme" as const,
    keys: [{ option: "apiKey", variables: ["ACME_API_KEY"], from: "make one in the Acme console" }]
  },
  baseUrl: "https://api.acme.test",
  headers: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  classify: () => null,
  endpoints,
  identify: ({ call }) => Effect.map(call(endpoints.me), ({ id }) => id),
  kinds: (_, whose) => {
    account = whose
    return {}
  }
})

const opened = (status = 200) => {
  const sent: Array<readonly [url: string, authorization: string | null]> = []
  const transport = fetchTransport(async (url, { headers }) => {
    sent.push([url, new Headers(headers).get("authorization")])
    return new Response(JSON.stringify({ id: "acc-1" }), { status, headers: { "content-type": "application/json" } })
  })
  return { sent, cloud: acme({ apiKey: "acme-key-4711", transport }) }
}

test("routes say what they share once, and what differs themselves", () => {
  expect(endpoints.me).toMatchObject({ source: "Acme API reference", limit: { calls: 60 } })
  expect(endpoints.fast).toMatchObject({ source: "Acme changelog", limit: { calls: 1 } })
})

test("its calls carry the key to the cloud's own address, or to another one", async () => {
  const { sent, cloud } = opened()
  expect(sent).toEqual([])
  await Effect.runPromise(cloud.native.me())
  expect(sent).toEqual([["https://api.acme.test/v1/me", "Bearer acme-key-4711"]])
  expect(await Effect.runPromise(account?.asked ?? Effect.succeed(""))).toContain("acc-1")
})

test("an error shows neither the key nor its header", async () => {
  const { cloud } = opened(401)
  const error = await Effect.runPromise(Effect.flip(cloud.native.me()))
  expect(error._tag).toBe("Unauthenticated")
  expect(JSON.stringify(error) + String(error)).not.toContain("4711")
})

test("a key that is missing and an option that there is not are refused", () => {
  expect(() => acme({ apiKey: " " })).toThrow("ACME_API_KEY")
  expect(() => acme({ apiKey: "k", baseURL: "https://x.test" } as never)).toThrow("baseUrl")
  expect(acme.fromEnv({ env: {} })).toEqual({ name: "acme", lacks: "ACME_API_KEY" })
})
