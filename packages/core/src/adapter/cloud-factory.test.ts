import { describe, expect, test } from "vitest"
import { flag } from "../contract/shape.ts"
import { InvalidRequest } from "../errors.ts"
import { address, cloudFactory } from "./cloud-factory.ts"

interface AcmeOptions {
  readonly apiKey: string
  readonly gpuBaseUrl?: string
  readonly cpuBaseUrl?: string
  readonly eager?: boolean
}

const opened: AcmeOptions[] = []

const acme = cloudFactory({
  described: {
    name: "acme" as const,
    keys: [{ option: "apiKey", variables: ["ACME_API_KEY", "ACME_KEY"], from: "make one in the Acme console" }]
  },
  options: { gpuBaseUrl: address, cpuBaseUrl: address, eager: flag },
  open: (options: AcmeOptions) => {
    opened.push(options)
    return { name: "acme" as const, kinds: {}, native: {} }
  }
})

const messageOf = (call: () => unknown): string => {
  try {
    call()
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidRequest)
    return String(error)
  }
  throw new Error("it was not refused")
}

describe("the key", () => {
  test.each([[undefined], [null], [{}], [{ apiKey: undefined }]])("is missing in %j", (options) => {
    expect(messageOf(() => acme(options as never))).toMatch(
      /apiKey: is missing: make one in the Acme console, and pass it, or set ACME_API_KEY and call acme\.fromEnv\(\)/
    )
  })

  test.each([
    [{ apiKey: "" }],
    [{ apiKey: "  \n" }],
    [{ apiKey: 5 }],
    [{ apiKey: null }],
    [{ apiKey: "a\nb" }],
    [{ apiKey: "schlüssel" }]
  ])("is missing in %j", (options) => {
    expect(messageOf(() => acme(options as never))).toMatch(/apiKey: is no key: .*ACME_API_KEY/)
  })

  test("is not shown when it was given in a wrong form", () => {
    expect(messageOf(() => acme("acme-secret-4711" as never))).not.toContain("4711")
    expect(messageOf(() => acme(["acme-secret-4711"] as never))).not.toContain("4711")
  })

  test("is trimmed, and comes with the options that were given", () => {
    acme({ apiKey: " key\n", eager: true })
    expect(opened.at(-1)).toEqual({ apiKey: "key", eager: true })
    expect(acme.fromEnv({ env: { ACME_API_KEY: " ", ACME_KEY: "second" } })).toMatchObject({ kinds: {} })
    expect(opened.at(-1)).toEqual({ apiKey: "second" })
  })
})

describe("options", () => {
  test.each([
    [{ baseUrl: "https://x" }, /baseUrl: is no option here: did you mean gpuBaseUrl or cpuBaseUrl\? expected apiKey, /],
    [{ apikey: "y" }, /apikey: is no option here: did you mean apiKey\?/],
    [{ colour: "red" }, /colour: is no option here; expected apiKey, gpuBaseUrl, cpuBaseUrl, eager/],
    [{ gpuBaseUrl: 5 }, /gpuBaseUrl: must be a text, not a number/],
    [{ cpuBaseUrl: "http://acme.example" }, /cpuBaseUrl: must begin with https/],
    [{ eager: "yes" }, /eager: must be true or false/]
  ])("are refused: %j", (options, what) => {
    expect(messageOf(() => acme({ apiKey: "key", ...(options as object) }))).toMatch(what)
  })

  test("beside the environment are the same", () => {
    const env = { ACME_API_KEY: "key" }
    expect(messageOf(() => acme.fromEnv({ env, ...({ baseUrl: "https://x" } as object) }))).toMatch(
      /baseUrl: is no option here: did you mean gpuBaseUrl or cpuBaseUrl\?/
    )
    expect(messageOf(() => acme.fromEnv({ env, ...({ apiKey: "y" } as object) }))).toMatch(/apiKey: is no option here/)
    expect(messageOf(() => acme.fromEnv({ cpuBaseUrl: "x" }))).toMatch(/cpuBaseUrl: is not a URL/)
  })

  test("that are undefined are absent", () => {
    acme({ apiKey: "key", ...({ baseUrl: undefined, eager: undefined } as object) })
    expect(opened.at(-1)).toEqual({ apiKey: "key" })
  })
})

describe("the environment", () => {
  test("holds the key", () => {
    expect(acme.fromEnv({ env: { ACME_API_KEY: "key" }, eager: true })).toMatchObject({ kinds: {} })
    expect(opened.at(-1)).toEqual({ apiKey: "key", eager: true })
  })

  test.each([[{}], [{ ACME_API_KEY: "" }], [{ ACME_API_KEY: " " }], [{ ACME_API_KEY: undefined }]])(
    "holds none: %j",
    (env) => {
      expect(acme.fromEnv({ env })).toEqual({ name: "acme", lacks: "ACME_API_KEY" })
    }
  )

  test("is the one of the process when none is given", () => {
    process.env["ACME_API_KEY"] = "of-the-process"
    try {
      acme.fromEnv()
      expect(opened.at(-1)).toEqual({ apiKey: "of-the-process" })
    } finally {
      delete process.env["ACME_API_KEY"]
    }
  })
})
