import { describe, expect, test } from "vitest"
import { makeRedactor } from "./redact.ts"

const key = "hf_QwErTyUiOpAsDfGhJkLzXcVbNmPoIuYt"
const piece = key.slice(9, 17)

describe("eight characters of a key, without a digit", () => {
  test.each([
    ["a key", [key], {}],
    ["a variable that looks random", [], { texts: [key] }],
    ["a word of a script that looks random", [], { texts: [`export HF=${key} now`], words: () => [key] }],
    ["one word of a key", [`Bearer ${key}`], {}]
  ] as const)("are taken out: %s", (_, keys, others) => {
    const { text } = makeRedactor(keys, others)
    expect(text(`no ${piece} here`)).toBe("no <redacted> here")
    expect(text(`no ${piece.slice(1)} here`)).toBe(`no ${piece.slice(1)} here`)
  })

  test("are taken out of a password of words, which is not a script's", () => {
    const password = "correct-horse-battery-staple"
    expect(makeRedactor([password]).text("the battery-st here")).toBe("the <redacted> here")
    expect(makeRedactor([], { texts: [password] }).text("the battery-st here")).toBe("the battery-st here")
  })

  test.each([
    ["a path", "/workspace/models/checkpoints", "no space in /workspace left"],
    ["a model", "meta-llama/Llama-Instruct-large", "no access to meta-llama here"],
    ["a list", "compute,utility,graphics,display", "no graphics here"],
    ["a script", "pip install torch && python train.py", "pip install failed"],
    ["an address", "https://my.host.example/path/of/it", "see https://console.vast.ai"]
  ])("stay where they are words of %s", (_, value, shown) => {
    expect(makeRedactor([], { texts: [value] }).text(shown)).toBe(shown)
  })

  test("count by the shorter rule where two secrets hold them", () => {
    const { text } = makeRedactor([`x${piece}y`], { texts: [`say ${piece} and many more words`] })
    expect(text(`no ${piece} here`)).toBe("no <redacted> here")
  })
})

describe("hexadecimal digits with signs between them", () => {
  const bytes = [...Buffer.from("sk-live-0123456789abcdef")].map((byte) => byte.toString(16).padStart(2, "0"))
  test.each([
    ["colons", bytes.join(":")],
    ["blanks", bytes.join(" ")],
    ["hyphens", bytes.join("-").toUpperCase()],
    ["commas", bytes.join(", ")],
    ["groups of four", bytes.join("").replace(/.{4}/g, "$& ").trim()],
    ["lines", bytes.join(":").replace(/.{24}/g, "$&\n")],
    ["a dump", `Buffer <${bytes.slice(4, 14).join(" ")} ... 4 more>`]
  ])("are read: %s", (_, written) => {
    const shown = makeRedactor(["sk-live-0123456789abcdef"]).text(`see ${written} here`)
    expect(shown).toMatch(/^see (Buffer <)?<redacted>( \.\.\. 4 more>)? here$/)
  })

  test("a beginning is found where they were cut off", () => {
    expect(makeRedactor(["sk-live-0123456789"]).text(`see ${bytes.slice(0, 6).join(":")}`)).toBe("see <redacted>")
    expect(makeRedactor(["sk-live-0123456789"]).text("at 12:34:56 2026-11-30")).toBe("at 12:34:56 2026-11-30")
  })
})

test.each([
  ["\\", '<  :\\\\a"'],
  ["\\", "\u00c0\0\0\0\0\0"],
  ["%0", "a&:a+\\\\=:"],
  ["%0", "a>+>/a/\\$"],
  ["%0", "abcdef<g"],
  ["\\", "\u00c0\0\t\0\0\0\0\0\0\0\0\0\0\0"]
])("a secret is found behind a %j that takes its first escape for another one: %j", (before, secret) => {
  const { text } = makeRedactor([secret])
  expect(text(before + encodeURIComponent(secret))).not.toContain(encodeURIComponent(secret))
})

test("the beginning of a key is found in base64 that was cut off, and only there", () => {
  const { text } = makeRedactor(["sk-live-0123456789"])
  const cut = Buffer.from("sk-liv").toString("base64url")
  expect(text(`{"echo":"${cut}`)).toBe('{"echo":"<redacted>')
  expect(text(`{"echo":"${cut}... (more)`)).toBe('{"echo":"<redacted>... (more)')
  expect(text(`the ${cut} here`)).toBe(`the ${cut} here`)
})
