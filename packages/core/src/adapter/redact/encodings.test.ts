import fc from "fast-check"
import { expect, test } from "vitest"
import { makeRedactor, wordsIn } from "./redact.ts"

const inAscii = (text: string): string =>
  JSON.stringify(text)
    .slice(1, -1)
    .replace(/[<>&\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)

const html: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" }

const writings: ReadonlyArray<readonly [string, (text: string) => string]> = [
  ["JSON", (text) => JSON.stringify(text)],
  ["JSON in JSON", (text) => JSON.stringify(JSON.stringify({ text }))],
  ["JSON of ASCII alone", inAscii],
  ["a URL", (text) => encodeURIComponent(text)],
  ["a URL in small letters", (text) => encodeURIComponent(text).toLowerCase()],
  ["a URL in a URL", (text) => encodeURIComponent(encodeURIComponent(text))],
  ["JSON in a URL", (text) => encodeURIComponent(JSON.stringify(text))],
  ["a form", (text) => new URLSearchParams([["a", text]]).toString()],
  ["a whole URL", (text) => encodeURI(text)],
  ["HTML", (text) => text.replace(/[&<>"']/g, (sign) => html[sign] ?? sign)],
  ["HTML by numbers", (text) => text.replace(/[^a-z0-9]/gu, (sign) => `&#${sign.codePointAt(0)};`)],
  ["Python", (text) => `'${text.replace(/[\\']/g, "\\$&").replaceAll("\n", "\\n")}'`],
  ["base64", (text) => Buffer.from(text).toString("base64")],
  ["base64 of JSON", (text) => Buffer.from(JSON.stringify({ text })).toString("base64")],
  ["base64url of a login", (text) => Buffer.from(`me:${text}`).toString("base64url")]
]

const sign = fc.constantFrom(..."\"'`\\/$^.*+?()[]{}|<>&%=:;,#@ ~é日🔑\n")
/** Ten letters, signs, ten letters: the letters alone give a leak away, and stand in nothing else. */
const secret = fc.array(sign, { maxLength: 12 }).map((signs) => `zq7kx0wv3j${signs.join("")}jx9wq2zk8v`)

test("two short lines are found in base64 of JSON", () => {
  const text = "zq7kx0wv3j\njx9wq2zk8v"
  const shown = makeRedactor([text]).text(Buffer.from(JSON.stringify({ text })).toString("base64"))
  expect(Buffer.from(shown, "base64").toString("latin1")).not.toContain("zq7kx0wv3j")
})

test.each(writings)("a secret is found in %s", (_, written) => {
  fc.assert(
    fc.property(secret, fc.constantFrom("", "it was ", "a=b&"), (text, before) => {
      const shown = makeRedactor([text]).text(`${before}${written(text)}`)
      for (const letters of ["zq7kx0wv3j", "jx9wq2zk8v"]) {
        expect(shown.toLowerCase()).not.toContain(letters)
        expect(Buffer.from(shown, "base64").toString("latin1")).not.toContain(letters)
      }
    })
  )
})

test.each(["", "...", "…", "... (12 more)", " (truncated)", '"', '"}', "</p>", "%2", "\\"])(
  "the beginning of a secret is found before %j",
  (end) => {
    const { text } = makeRedactor(["sk-live-0123456789"])
    expect(text(`the key sk-live-0123${end}`)).not.toContain("sk-live")
  }
)

test.each(["&amp;", "%25", "%2525", "\\\\u0041"])(
  "a secret with %s of its own is found where it is cut off",
  (sign) => {
    const { text } = makeRedactor([`sk-live-${sign}zq7kx0wv3j99`])
    for (const written of [`sk-live-${sign}zq7k`, `sk-live-${encodeURIComponent(sign)}zq7k`]) {
      expect(text(`${written}...`)).not.toContain("zq7k")
    }
  }
)

test("what only begins like a secret stays", () => {
  expect(makeRedactor(["https://secret.test/path"]).text("see https://cloud.test for more")).toBe(
    "see https://cloud.test for more"
  )
})

test("a long secret is looked for in a long text without end", () => {
  const { text } = makeRedactor(["\\\"' ".repeat(250), `${"a".repeat(1000)}!`])
  const from = process.cpuUsage()
  for (const sign of ["\\", "a", "%25", "&amp;"]) text(sign.repeat(1000))
  expect(process.cpuUsage(from).user / 1000).toBeLessThan(5000)
})

test("the words of a login and of a script that may be secrets", () => {
  expect(wordsIn("-u me -p pass-word-1 docker.io")).toEqual(["pass-word-1", "pass-word-1"])
  expect(wordsIn("export TOKEN='hf_0123 4567' # nothing here")).toEqual(["TOKEN='hf_0123"])
  expect(wordsIn("curl -H 'x: sk-012345678' host")).toContain("sk-012345678")
})
