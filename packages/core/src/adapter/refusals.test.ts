import { describe, expect, test } from "vitest"
import { money } from "../model/money.ts"
import { refusals } from "./refusals.ts"
import { usualRefusals } from "./usual-refusals.ts"

const answer = (status: number, json?: unknown, operation = "show") => ({
  ...{ status, json, operation, headers: {} },
  text: json === undefined ? "" : JSON.stringify(json)
})

const judge = refusals({
  cloud: "Acme",
  rules: [
    { statuses: [401], words: /permission/, is: "PermissionDenied", advice: "ask for it" },
    { statuses: [401], is: "Unauthenticated", advice: "check the API key" },
    { words: /^gone$/, under: ["code"], operations: ["show"], is: "NotFound", advice: "list" },
    { statuses: [429], words: /spending/, is: "OutOfFunds", advice: "add credit" },
    {
      words: /needs \$\d/,
      is: "OutOfFunds",
      advice: "add credit",
      details: (text) => ({ needed: money(text.split("$")[1] ?? "0") })
    },
    { words: /queued/, is: "NoCapacity", retry: "temporary", advice: "wait" },
    { words: /busy/, is: "Conflict", advice: "wait" }
  ],
  refusesInSuccess: ({ json }) => Object(json).success === false
})

describe("the first row that has status, words and operation decides", () => {
  test.each([
    [answer(401, { error: "lacks the permission" }), "PermissionDenied", "permanent"],
    [answer(401, { error: { code: 7, message: "lacks the permission" } }), "PermissionDenied", "permanent"],
    [answer(403, { error: "lacks the permission" }), undefined, undefined],
    [answer(401, { error: "who" }), "Unauthenticated", "permanent"],
    [answer(401), "Unauthenticated", "permanent"],
    [answer(404, { code: "gone" }), "NotFound", "permanent"],
    [answer(404, { error: { code: "gone", message: "no" } }), "NotFound", "permanent"],
    [answer(404, { message: "gone" }), undefined, undefined],
    [answer(404, { code: "gone" }, "list"), undefined, undefined],
    [answer(404, "gone"), undefined, undefined],
    [answer(429, { error: "spending" }), "OutOfFunds", "permanent"],
    [answer(429, { error: "busy" }), undefined, undefined],
    [answer(500, { error: "busy" }), undefined, undefined],
    [answer(408, { error: "busy" }), undefined, undefined],
    [answer(302, { error: "busy" }), undefined, undefined],
    [answer(409, { error: "busy" }), "Conflict", "temporary"],
    [answer(400, { error: "queued" }), "NoCapacity", "temporary"],
    [answer(200, { error: "busy" }), undefined, undefined],
    [answer(200, { success: false, error: "busy" }), "Conflict", "temporary"],
    [answer(200, { success: false, error: "odd" }), "ProviderFault", "temporary"]
  ])("%j", (given, tag, retry) => {
    const error = judge(given)
    expect([error?._tag, error?.retry]).toEqual([tag, retry])
  })

  test("with the cloud's words, the advice, and what the words mean", () => {
    expect(judge(answer(402, { error: { code: "low", message: "needs $20" } }, "deploy"))).toMatchObject({
      message: "Acme refused deploy: needs $20 [low]; add credit",
      needed: money("20")
    })
    expect(judge(answer(401))?.message).toBe("Acme refused show: status 401; check the API key")
  })
})

describe("the usual words", () => {
  const usual = refusals({ cloud: "Acme", rules: usualRefusals })

  test.each([
    [401, 'This key lacks the "instance_read" permission group', "PermissionDenied"],
    [401, "insufficient permissions", "PermissionDenied"],
    [403, "the API key is missing permission: read", "PermissionDenied"],
    [400, "API key is missing", "Unauthenticated"],
    [403, "Invalid API key", "Unauthenticated"],
    [401, "invalid_api_key", "Unauthenticated"],
    [403, "the API key has been revoked", "Unauthenticated"],
    [400, "Your account lacks credit", "OutOfFunds"],
    [409, "insufficient_balance", "OutOfFunds"],
    [403, "Insufficient GPU credits", "OutOfFunds"],
    [422, "not enough funds", "OutOfFunds"],
    [400, "payment_required", "OutOfFunds"],
    [400, "Invalid SSH key", undefined],
    [400, "registry: unauthorized: authentication required", undefined],
    [400, "docker: permission denied on /var/run", undefined],
    [400, "no such GPU", undefined],
    [404, "Your account lacks credit", undefined],
    [429, "insufficient credit", undefined]
  ])("%i %s", (status, message, tag) => expect(usual(answer(status, { error: { message } }))?._tag).toBe(tag))

  test("take no time on a text that repeats itself", () => {
    const before = process.cpuUsage()
    for (const word of ["lacks the ", "insufficient ", "api key ", "no no "]) {
      usual(answer(403, { message: word.repeat(100_000) }))
    }
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(500)
  })
})
