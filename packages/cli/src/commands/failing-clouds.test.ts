import { errorShape, problemShape } from "@anygpu/operations/protocol"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { answers } from "../json/answers.ts"
import { simulatedClouds } from "../testing/clouds.ts"
import { answerOf, errorOf, mcpSession } from "../testing/mcp.ts"
import type { TerminalOptions } from "../testing/terminal.ts"

type Fetch = NonNullable<NonNullable<TerminalOptions["fetch"]>[string]>

const failing = (code: string): Fetch =>
  (async () => {
    throw new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code }) })
  }) as Fetch

const page: Fetch = async () =>
  new Response("<html>Welcome to the airport</html>", { headers: { "content-type": "text/html" } })

const silent: Fetch = (_, { signal }) =>
  new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)))

/** Every cloud answers so. */
const all = (fetch: Fetch): TerminalOptions => ({ fetch: { fluence: fetch, huddle: fetch, vast: fetch } })

const wrongKeys: TerminalOptions = {
  env: { FLUENCE_API_KEY: "wrong-key-1", HUDDLE_API_KEY: "wrong-key-2", VAST_API_KEY: "wrong-key-3" }
}

const launch = ["launch", "--image", "ubuntu:24.04", "--yes", "--no-ssh-key"]
const failureShape = z.object({ error: errorShape })

describe("when every cloud fails, that is the answer, whatever is asked for", () => {
  const worlds: ReadonlyArray<readonly [string, TerminalOptions, string, number, object]> = [
    ["wrong keys", wrongKeys, "Unauthenticated", 3, {}],
    ["no network", all(failing("ENOTFOUND")), "Network", 10, { reason: "name-not-found" }],
    [
      "a certificate of a proxy",
      all(failing("SELF_SIGNED_CERT_IN_CHAIN")),
      "Network",
      10,
      { reason: "tls-self-signed" }
    ],
    ["a captive portal", all(page), "BadResponse", 11, {}]
  ]
  const asked = [
    ["offers", "--kind", "container"],
    ["offers", "h100", "--kind", "vm", "--country", "FI"],
    ["compare", "--kind", "container,vm", "--for", "1h"],
    ["compare", "--kind", "cpu-vm", "--for", "1h", "--cloud", "fluence"],
    [...launch, "h100", "--kind", "container"],
    launch,
    ["list"],
    ["list", "--cloud", "vast"],
    ["audit"],
    ["balance"],
    ["keys"],
    ["images"],
    ["terminate", "--all", "--yes"],
    ["show", "trainer"],
    ["cost", "vast/container/1", "--for", "1h"]
  ]

  test.each(worlds.flatMap(([name, world, ...wanted]) => asked.map((argv) => [name, argv, world, ...wanted] as const)))(
    "%s: anygpu %j",
    { timeout: 240_000 },
    async (_, argv, world, tag, exitCode, more) => {
      using clouds = simulatedClouds()
      const { code, stdout, stderr } = await clouds.runWith(world, ...argv, "--json")
      expect({ code, stdout }).toEqual({ code: exitCode, stdout: "" })
      const { error } = failureShape.parse(JSON.parse(stderr.trim().split("\n").at(-1) ?? ""))
      expect(error).toMatchObject({ tag, exitCode, ...more })
      expect(error.problems.length).toBeGreaterThan(0)
      expect(stderr).not.toMatch(/No offer|NoCapacity|wrong-key/)
    }
  )

  test("for people it names every cloud that failed", async () => {
    using clouds = simulatedClouds()
    const { stdout, stderr } = await clouds.runWith(wrongKeys, "offers", "--kind", "vm")
    expect(stdout).toBe("")
    for (const cloud of ["fluence", "huddle", "vast"]) expect(stderr.toLowerCase()).toContain(cloud)
  })

  test("doctor says the same words, and what to look at", async () => {
    using clouds = simulatedClouds()
    const { code, stdout } = await clouds.runWith(all(failing("CERT_HAS_EXPIRED")), "doctor", "--json")
    expect(code).toBe(14)
    const { checks, complete, problems } = z
      .object({
        checks: z.array(z.object({ check: z.string(), found: z.string(), advice: z.string().nullable() })),
        complete: z.boolean(),
        problems: z.array(problemShape)
      })
      .parse(JSON.parse(stdout))
    expect(checks.filter(({ check }) => check === "network")).toMatchObject([
      { found: "The certificate of api.fluence.dev has expired", advice: expect.stringContaining("clock") },
      { found: expect.stringContaining("has expired"), advice: expect.stringContaining("clock") },
      { found: "The certificate of console.vast.ai has expired", advice: expect.stringContaining("clock") }
    ])
    expect([complete, problems[0]?.error]).toMatchObject([false, { tag: "Network", reason: "tls-expired" }])
  })
})

describe("when some fail and nothing fits on the others", () => {
  const world = { env: { VAST_API_KEY: "wrong" } }
  const dear = ["h100", "--max-per-hour", "0.01"]

  test.each([["offers"], ["compare", "--for", "1h"]])("%s says so, and ends with 13", async (...argv) => {
    using clouds = simulatedClouds()
    const text = await clouds.runWith(world, ...argv, ...dear)
    expect(text.code).toBe(13)
    expect(text.stdout).toBe("No offer fits on the clouds that answered, and not all did.\n")
    expect(text.stderr).toMatch(/missing: all offers of vast \(container\)/)
    const json = await clouds.runWith(world, ...argv, ...dear, "--json")
    expect(json.code).toBe(13)
    expect(JSON.parse(json.stdout)).toMatchObject({ total: 0, complete: false, problems: [{ provider: "vast" }, {}] })
  })

  test("sweep says what its look before could not see", async () => {
    using clouds = simulatedClouds()
    const { code, stdout } = await clouds.runWith(world, "sweep", "--json")
    expect([code, JSON.parse(stdout)]).toMatchObject([
      13,
      { ended: [], complete: false, problems: [{ provider: "vast" }, {}] }
    ])
    const text = await clouds.runWith(world, "sweep")
    expect([text.code, text.stderr]).toEqual([13, expect.stringContaining("vast")])
  })

  test("launch is the failure: what vast has nobody saw", async () => {
    using clouds = simulatedClouds()
    const { code, stderr } = await clouds.runWith(world, ...launch, ...dear, "--json")
    expect(code).toBe(3)
    const { error } = failureShape.parse(JSON.parse(stderr.trim().split("\n").at(-1) ?? ""))
    expect(error).toMatchObject({ tag: "Unauthenticated", problems: [{ provider: "vast" }, { provider: "vast" }] })
    expect(error.message).toMatch(/^No offer fits on the clouds that answered, and not all did/)
  })

  test("and where the others cannot run it, that is not the error", async () => {
    using clouds = simulatedClouds()
    const world = all(failing("ECONNREFUSED"))
    const fetch = { ...world.fetch, huddle: clouds.simulators.huddle.fetch }
    const { code, stderr } = await clouds.runWith({ fetch }, ...launch, "h100")
    expect(code).toBe(10)
    expect(stderr).toContain("refused the connection")
  })

  test("an empty list is no empty account", async () => {
    using clouds = simulatedClouds()
    for (const argv of [["list"], ["terminate", "--all", "--yes"]]) {
      const { code, stdout, stderr } = await clouds.runWith(world, ...argv)
      expect([code, stdout]).toEqual([13, "No machines, as far as the clouds answered.\n"])
      expect(stderr).toContain("missing: all machines of vast")
    }
  })
})

describe("one cloud that hangs costs only its own rows", () => {
  const asked = [
    ["offers", "h100"],
    ["compare", "h100", "--for", "1h"],
    ["list"],
    ["audit"],
    ["balance"],
    ["keys"],
    ["images"]
  ]

  test.each(asked)("anygpu %s", async (name, ...argv) => {
    using clouds = simulatedClouds()
    const { fluence, huddle } = clouds.simulators
    const fetch = { fluence: fluence.fetch, huddle: huddle.fetch, vast: silent }
    const hanging = {
      fetch: name === "images" ? { ...fetch, vast: clouds.simulators.vast.fetch, huddle: silent } : fetch
    }
    const before = clouds.clock.now()
    const { code, stdout } = await clouds.runWith(hanging, "--answer-within", "5s", name ?? "", ...argv, "--json")
    expect(code).toBe(13)
    expect(clouds.clock.now() - before).toBeLessThan(11_000)
    const answer = (await answers())[name ?? ""]?.parse(JSON.parse(stdout))
    expect(answer).toMatchObject({ complete: false })
    const { problems } = z.object({ problems: z.array(problemShape) }).parse(JSON.parse(stdout))
    expect(new Set(problems.map(({ error }) => error.tag))).toEqual(new Set(["Timeout"]))
  })

  test.each([["0s"], ["soon"], ["-5s"]])("--answer-within %s is refused", async (time) => {
    using clouds = simulatedClouds()
    const { code, stderr } = await clouds.run(`--answer-within=${time}`, "list")
    expect(code).toBe(2)
    expect(stderr).toContain("--answer-within")
  })
})

describe("this client's own rate limit is named as such", () => {
  test("after ten searches of Vast the eleventh says when the next is possible", { timeout: 240_000 }, async () => {
    using clouds = simulatedClouds()
    const session = await mcpSession(clouds, [])
    const search = () => session.call("offers", { gpu: "h100", kind: "container" })
    for (let searches = 0; searches < 10; searches++) answerOf(await search())
    const { complete, problems } = answerOf(await search())
    expect(complete).toBe(false)
    expect(problems).toMatchObject([
      { provider: "vast", error: { tag: "RateLimited", ownLimit: true, retryAfterSeconds: expect.any(Number) } }
    ])
    expect(JSON.stringify(problems)).toMatch(/own rate limit of 10 calls a minute, as vast documents it/)
    await session.end()
  })
})

test("an agent hears of the failure, with all clouds in it", async () => {
  using clouds = simulatedClouds()
  const session = await mcpSession(clouds, ["--allow-spend", "20"], wrongKeys)
  for (const [name, input] of [
    ["offers", { kind: "container" }],
    ["compare", { kind: "vm", for: "1h" }],
    ["list", {}],
    ["audit", {}],
    ["balance", {}],
    ["images", {}]
  ] as const) {
    const { error } = errorOf(await session.call(name, input))
    expect(error).toMatchObject({ tag: "Unauthenticated", problems: expect.arrayContaining([expect.any(Object)]) })
  }
  await session.end()
})
