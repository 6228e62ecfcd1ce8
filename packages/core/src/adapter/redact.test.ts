import { inspect } from "node:util"
import * as Redacted from "effect/Redacted"
import fc from "fast-check"
import { expect, test } from "vitest"
import { InvalidRequest, ProviderFault } from "../errors.ts"
import { makeRedactor, stringsIn } from "./redact.ts"

const secret = fc.oneof(
  fc.string({ minLength: 6, maxLength: 40, unit: "binary" }).filter((text) => text.trim().length >= 6),
  fc.stringMatching(/^[\w+/=.:@ "\\\n&<>$-]{8,40}$/).filter((text) => text.trim().length >= 6)
)

test("takes a secret out however it is written", () => {
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (key, before, after) => {
      const bytes = Buffer.from(key.toWellFormed())
      const written = [
        key,
        encodeURIComponent(key.toWellFormed()),
        JSON.stringify(key).slice(1, -1),
        bytes.toString("base64").replace(/=+$/, ""),
        bytes.toString("base64url")
      ]
      const { text } = makeRedactor([Redacted.make(key)])
      for (const form of written) {
        fc.pre(!`${before}${after}<redacted>`.includes(form))
        expect(text(`${before}${form}${after}`).includes(form)).toBe(false)
      }
    })
  )
})

test("finds a secret inside Basic credentials, at every offset", () => {
  const key = "hunter2-hunter2"
  const { text } = makeRedactor([key])
  for (const user of ["a:", "ab:", "abc:"]) {
    const shown = text(`sent ${Buffer.from(user + key).toString("base64")} to the registry`)
    expect(Buffer.from(shown.split(" ")[1] ?? "", "base64").toString()).not.toContain("hunter2")
    expect(shown).toContain("<redacted>")
  }
})

test("finds the beginning of a secret where a text was cut off", () => {
  const { text } = makeRedactor(["sk-live-0123456789"])
  expect(text('{"echo":"sk-live-0123')).toBe('{"echo":"<redacted>')
})

test("blanks values under names that hold secrets, in text and in JSON", () => {
  const { text, json } = makeRedactor([])
  expect(text('{"id":1,"instance_api_key":"abc","name":"x"}')).toBe(
    '{"id":1,"instance_api_key":"<redacted>","name":"x"}'
  )
  expect(text('{"id":1,"jupyter_token": "ab')).toBe('{"id":1,"jupyter_token": "<redacted>"')
  expect(text('"extra_env": [["A","b"]], "c": 1')).toBe('"extra_env": "<redacted>"')
  expect(text("https://h/x?api_key=abc&limit=3")).toBe("https://h/x?api_key=<redacted>&limit=3")
  expect(text("Authorization: Bearer abc, then")).toBe("Authorization: <redacted>, then")
  expect(text("invalid_token: the token is not valid")).toBe("invalid_token: the token is not valid")
  expect(json({ id: 1, env: { A: "b" }, nested: [{ password: "p", note: "n" }], token: null })).toEqual({
    id: 1,
    env: "<redacted>",
    nested: [{ password: "<redacted>", note: "n" }],
    token: null
  })
})

test("rebuilds an error with its tag, its data and no secret", () => {
  const key = "sk-0123456789"
  const cause = Object.assign(new Error(`bad ${key}`, { cause: new Error(key) }), { code: "EBAD", request: { key } })
  const error = new InvalidRequest({
    message: `no ${key}`,
    retry: "permanent",
    provider: "vast",
    kind: "container",
    http: { method: "PUT", url: `https://h/${key}`, status: 400 },
    requestId: `r-${key}`,
    issues: [{ path: `env.${key}`, problem: `is ${key}` }],
    cause
  })
  const clean = makeRedactor([key, "container"]).error(error)
  expect(clean).toBeInstanceOf(InvalidRequest)
  expect(clean).toMatchObject({ provider: "vast", kind: "container", retry: "permanent", cause: { code: "EBAD" } })
  expect(inspect(clean, { depth: null, showHidden: true })).not.toContain(key)
  expect(String((clean.cause as Error).stack) + clean.stack).not.toContain(key)
  expect(makeRedactor([key]).error(new ProviderFault({ message: "x", retry: "temporary" })).cause).toBeUndefined()
})

test("collects the strings of a sensitive field, short ones excepted", () => {
  expect(stringsIn({ a: "long enough", b: ["also long", 5, null], c: "no" })).toEqual(["long enough", "also long"])
})
