import { inspect } from "node:util"
import * as Redacted from "effect/Redacted"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { InvalidRequest, ProviderFault } from "../../errors.ts"
import { maskAssignments } from "./mask.ts"
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
    }),
    { numRuns: 1_000 }
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

test("collects the texts of a sensitive field", () => {
  expect(stringsIn({ a: "long enough", b: ["also long", 5, null, true], c: "no" })).toEqual([
    "long enough",
    "also long",
    "5",
    "no"
  ])
})

describe("a secret of two or three characters", () => {
  const { text, json } = makeRedactor(["k9", "api", "no", "x", "a+b", "  q7 "])

  test.each([
    ["login k9 failed", "login <redacted> failed"],
    ["PIN=k9, sent.", "PIN=<redacted>, sent."],
    ['{"detail":"k9","k9":1}', '{"detail":"<redacted>","k9":1}'],
    ["it was k9.", "it was <redacted>."],
    ["https://me:k9@host.test/", "https://me:<redacted>@host.test/"],
    ["q7 and a+b and a%2Bb", "<redacted> and <redacted> and <redacted>"]
  ])("is taken out where it is a word of its own: %s", (given, shown) => {
    expect(text(given)).toBe(shown)
  })

  test.each(["k90 ak9 k9_a", "https://api.host.test/api/v0", "no offer is left", "x", "k\u00e9k9"])(
    "leaves the rest readable: %s",
    (given) => {
      expect(text(given)).toBe(given)
    }
  )

  test("is taken out of values, never out of the names that the cloud gives them", () => {
    expect(json({ api: "api k9", k9: ["k9"] })).toEqual({ api: "<redacted> <redacted>", k9: ["<redacted>"] })
  })
})

test("takes out secrets that plain JavaScript gave as something else, and never throws", () => {
  const odd: ReadonlyArray<unknown> = [12345678, Redacted.make(87654321), 12n, null, undefined, {}, Symbol("s"), []]
  const { text } = makeRedactor(odd as ReadonlyArray<string>)
  expect(text("12345678 and 87654321 and more")).toBe("<redacted> and <redacted> and more")
  const wiped = Redacted.make("wiped")
  Redacted.wipeUnsafe(wiped)
  expect(makeRedactor([wiped, "a secret"]).text("a secret")).toBe("<redacted>")
  fc.assert(
    fc.property(fc.array(fc.anything()), fc.string(), (secrets, shown) => {
      expect(typeof makeRedactor(secrets as ReadonlyArray<string>).text(shown)).toBe("string")
    })
  )
})

describe("assignments", () => {
  test.each([
    ["docker login -u me -p hunter2 ghcr.io", "docker login -u me -p <redacted> ghcr.io"],
    ["docker login -u me -phunter2 ghcr.io", "docker login -u me -p<redacted> ghcr.io"],
    ["docker login -u me -p'hunter2' ghcr.io", "docker login -u me -p<redacted> ghcr.io"],
    ['docker login -u me -p"hunter2 2" ghcr.io', "docker login -u me -p<redacted> ghcr.io"],
    ['docker login ghcr.io -p"hunter2 and on', "docker login ghcr.io -p<redacted>"],
    ["login --password=hunter2 --password 'a b' x", "login --password=<redacted> --password <redacted> x"],
    ['exec ["login","-p","hunter2","h"]', 'exec ["login","-p",<redacted>,"h"]'],
    [
      "run -e A=b --env C='d e' --env=F=g -eH=i img",
      "run -e A=<redacted> --env C=<redacted> --env=<redacted> -eH=<redacted> img"
    ],
    ['env ["A=b c","D=e"] is bad', 'env ["A=<redacted>","D=<redacted>"] is bad'],
    ["A='b c'd and E=f\\ g and H=i\\", "A=<redacted> and E=<redacted> and H=<redacted>"],
    ["pull https://me:hunter2@ghcr.io/a: denied", "pull https://<redacted>@ghcr.io/a: denied"],
    ["see https://a.b/c,https://me:hunter2@ghcr.io/a", "see https://a.b/c,https://<redacted>@ghcr.io/a"],
    ["pull https://me:p/w@d@ghcr.io/a", "pull https://<redacted>@ghcr.io/a"],
    ["pull access denied for me:p/w@ghcr.io/a:1", "pull access denied for <redacted>@ghcr.io/a:1"],
    ["get https://host.test/a?sig=hunter2&x=1", "get https://host.test/a?sig=<redacted>"],
    ['auth {"username":"me","password":"hunter2"}', 'auth {"username":"me","password":"<redacted>"}']
  ])("%s", (given, shown) => {
    expect(maskAssignments(given)).toBe(shown)
    expect(maskAssignments(shown)).toBe(shown)
  })

  test.each([
    'OCI runtime create failed: unable to start container process: exec: "bash": not found in $PATH: unknown',
    "requirement error: unsatisfied condition: cuda>=12.8, please update your driver to a newer version",
    "nvidia-container-cli --load-kmods configure --device=all --pid=4242 failed",
    "manifest for https://ghcr.io:5000/v2/a/b@sha256:0123 not found",
    "success, running ubuntu:22.04",
    "no manifest for ghcr.io/a/b:1@sha256:0123 at me@host.test/a"
  ])("leaves what holds none: %s", (given) => {
    expect(maskAssignments(given)).toBe(given)
  })

  test("shows no value, whatever it is", () => {
    const value = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.]{5,19}$/).filter((text) => !/redacted/.test(text))
    const form = fc.constantFrom<(value: string) => string>(
      (value) => `-p ${value}`,
      (value) => `--password=${value}`,
      (value) => `-e NAME=${value}`,
      (value) => `--env "NAME=${value} ${value}"`,
      (value) => `NAME='${value} ${value}'`,
      (value) => `https://me:${value}@host.test/a`
    )
    fc.assert(
      fc.property(value, form, fc.stringMatching(/^[a-z ]{0,20}$/), (secret, write, around) => {
        const masked = maskAssignments(`${around} ${write(secret)} ${around}`)
        expect(masked).not.toContain(secret)
        expect(masked.startsWith(`${around} `) && masked.endsWith(` ${around}`)).toBe(true)
        expect(maskAssignments(masked)).toBe(masked)
      })
    )
  })
})
