import { inspect } from "node:util"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import * as z from "zod"
import { InvalidRequest } from "../errors.ts"
import type { Account } from "./account.ts"
import { endpointsOf } from "./endpoint.ts"
import { fetchTransport } from "./fetch-transport.ts"
import { tokenCloud } from "./token-cloud.ts"

const route = endpointsOf({ source: "Acme API reference" })
const endpoints = {
  login: route({
    ...{ operation: "login", method: "POST", path: "/token", repeat: "safe", open: true },
    body: z.strictObject({ id: z.string(), secret: z.string() }),
    answer: z.object({ token: z.string() }),
    sensitive: ["secret"]
  }),
  me: route({ operation: "me", method: "GET", path: "/me", answer: z.object({ id: z.string() }), repeat: "safe" })
} as const

const accounts: Account[] = []
const acme = tokenCloud({
  described: {
    name: "acme" as const,
    keys: [
      { option: "clientId", variables: ["ACME_CLIENT_ID"], from: "make one in the Acme console" },
      { option: "clientSecret", variables: ["ACME_CLIENT_SECRET"], from: "it is shown once, beside its client id" }
    ]
  },
  baseUrl: "https://api.acme.test",
  login: ({ clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string }) => ({
    ask: (call) =>
      Effect.map(call(endpoints.login, { body: { id: clientId, secret: clientSecret } }), ({ token }) => ({
        value: token,
        lifetime: Duration.hours(1)
      })),
    headers: (token) => ({ authorization: `Bearer ${token}` })
  }),
  classify: () => null,
  endpoints,
  kinds: (_, account) => {
    accounts.push(account)
    return {}
  }
})

const keys = { clientId: "acme-id-4711", clientSecret: "acme-secret-0815" }

const opened = (status = 200) => {
  const sent: string[] = []
  const transport = fetchTransport(async (url, { headers, body }) => {
    sent.push(`${url} ${new Headers(headers).get("authorization")} ${body ?? ""}`)
    const answer = url.endsWith("/token") ? { token: "token-0123456789" } : { id: "acc-1", echo: [keys, headers] }
    return new Response(JSON.stringify(answer), { status: url.endsWith("/me") ? status : 200 })
  })
  return { sent, cloud: acme({ ...keys, transport }) }
}

const refusal = (call: () => unknown): string => {
  try {
    call()
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidRequest)
    return String(error)
  }
  throw new Error("it was not refused")
}

test("its first call logs in with both keys, and all calls carry the token", async () => {
  const { sent, cloud } = opened()
  expect(sent).toEqual([])
  await Effect.runPromise(cloud.native.me())
  await Effect.runPromise(cloud.native.me())
  expect(sent).toEqual([
    'https://api.acme.test/token null {"id":"acme-id-4711","secret":"acme-secret-0815"}',
    "https://api.acme.test/me Bearer token-0123456789 ",
    "https://api.acme.test/me Bearer token-0123456789 "
  ])
})

test("an error shows none of its keys, and no token", async () => {
  const { cloud } = opened(400)
  const error = inspect(await Effect.runPromise(Effect.flip(cloud.native.me())), { depth: null, showHidden: true })
  for (const secret of [keys.clientSecret, keys.clientId, "token-0123456789"]) expect(error).not.toContain(secret)
})

test("each key that is missing is named with its own variable, and what is there is not shown", () => {
  expect(refusal(() => acme({ clientId: keys.clientId } as never))).toMatch(
    /clientSecret: is missing: it is shown once, beside its client id, and pass it, or set ACME_CLIENT_SECRET/
  )
  const both = refusal(() => acme({ clientId: " ", clientSecret: 5, clientSecrt: keys.clientSecret } as never))
  expect(both).toMatch(/clientId: is no key.*clientSecret: is no key/s)
  expect(both).toContain("did you mean clientSecret")
  expect(both).not.toContain(keys.clientSecret)
})

test("the environment has both, or the cloud lacks the one that is missing", () => {
  const env = { ACME_CLIENT_ID: keys.clientId, ACME_CLIENT_SECRET: ` ${keys.clientSecret}\n` }
  expect(acme.fromEnv({ env })).toMatchObject({ name: "acme", kinds: {} })
  expect(acme.fromEnv({ env: {} })).toEqual({ name: "acme", lacks: "ACME_CLIENT_ID" })
  expect(acme.fromEnv({ env: { ...env, ACME_CLIENT_SECRET: " " } })).toEqual({
    name: "acme",
    lacks: "ACME_CLIENT_SECRET"
  })
})

test("two accounts differ by any of the keys", () => {
  acme(keys)
  acme({ ...keys, clientId: "acme-id-0000" })
  const [first, second] = accounts.slice(-2)
  expect(second?.isOfKey(first?.known())).toBe(false)
  acme(keys)
  expect(accounts.at(-1)?.isOfKey(first?.known())).toBe(true)
})
