import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { makeRedactor } from "./redact.ts"

/** The same rule, character by character, for texts without escapes and gaps: every eight in a row that a secret has. */
const naive = (secrets: ReadonlyArray<string>, text: string): string => {
  const marked = Array.from(text, () => false)
  for (let at = 0; at + 8 <= text.length; at++) {
    const part = text.slice(at, at + 8).toLowerCase()
    if (secrets.some((secret) => secret.toLowerCase().includes(part))) marked.fill(true, at, at + 8)
  }
  return Array.from(text, (sign, at) => (marked[at] ? "\0" : sign))
    .join("")
    .replace(/\0+/g, "<redacted>")
}

/** Few signs make many matches; most of them hold no digit. */
const signs = fc.constantFrom(..."aaBBc1")
const word = (min: number, max: number) =>
  fc.array(signs, { minLength: min, maxLength: max }).map((all) => all.join(""))

describe("parts of secrets", () => {
  test("are found as a naive search finds them", () => {
    fc.assert(
      fc.property(fc.array(word(8, 30), { maxLength: 4 }), word(0, 60), (secrets, text) => {
        // A beginning of four to seven at the end is cut off, which the naive search knows nothing of.
        const shown = makeRedactor(secrets).text(`${text}.`)
        expect(shown).toBe(naive(secrets, `${text}.`))
      }),
      { numRuns: 2_000 }
    )
  })

  test("of very many secrets are each found, and nothing else is", () => {
    const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    const wordOf = (seed: number): string =>
      Array.from({ length: 20 }, (_, at) => digits[(Math.abs(Math.sin(seed * 20 + at) * 1e6) % 36) | 0]).join("")
    const secrets = Array.from({ length: 4_000 }, (_, seed) => wordOf(seed))
    const { text } = makeRedactor(secrets)
    for (const secret of secrets) {
      const parts = [secret.slice(12), secret.slice(0, 8), secret.slice(3, 11)]
      expect(text(`${parts.join("|")}|`)).toBe("<redacted>|<redacted>|<redacted>|")
    }
    const others = Array.from({ length: 4_000 }, (_, index) => wordOf(-1 - index)).join("|")
    expect(text(`${others}|`)).toBe(`${others}|`)
  })

  const key = "sk-live-0123456789abcdef"
  const { text } = makeRedactor([key])
  test.each([
    ["whole", key],
    ["its middle", key.slice(6, 18)],
    ["its end", key.slice(-9)],
    ["in capitals", key.toUpperCase()],
    ["broken into lines", key.replace(/.{6}/g, "$&\n")],
    ["hexadecimal", Buffer.from(key).toString("hex")],
    ["hexadecimal in capitals", Buffer.from(key).toString("hex").toUpperCase()],
    ["base64 of a part", Buffer.from(key.slice(3, 20)).toString("base64")],
    ["base64 in lines", Buffer.from(`login me:${key}`).toString("base64").replace(/.{12}/g, "$&\r\n")]
  ])("%s is taken out", (_, written) => {
    const shown = text(`see ${written}, please`)
    expect(shown).toMatch(/^see (bG9naW4gbWU6\r\n)?.{0,4}<redacted>.{0,4}, please$/s)
    expect(Buffer.from(shown.replaceAll(/\s/g, ""), "hex").toString()).not.toContain("0123456")
  })

  test("what every address, path and script is made of stays", () => {
    const { text: shown } = makeRedactor(["https://my.host.example/a/b/c/d", "pip install torch && python train.py"])
    for (const plain of ["see https://console.vast.ai", "python: command not found", "pip install failed"])
      expect(shown(plain)).toBe(plain)
  })
})

test("time grows with text and secrets, not with one times the other", () => {
  const hostile = ["\\", "a", "%25", "&amp;", '"', "a-", "a.", "://a:", "login ", "'a':", "=", "sk-live-"]
  for (const sign of hostile) {
    const many = sign.repeat(50_000 / sign.length)
    makeRedactor([many, "sk-live-0123456789"]).text(many)
  }
})
