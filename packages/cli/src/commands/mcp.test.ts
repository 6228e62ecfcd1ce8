import { Client } from "@modelcontextprotocol/client"
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio"
import { describe, expect, test } from "vitest"
import { childEnv } from "../testing/child-env.ts"
import { simulatedClouds } from "../testing/clouds.ts"
import { answerOf, errorOf, mcpSession } from "../testing/mcp.ts"
import { runIn } from "../testing/terminal.ts"

const reading = [
  ...["offers", "compare", "images", "cost", "list", "show", "watch", "ssh", "logs", "events"],
  ...["balance", "keys", "audit", "doctor"]
]
const renting = ["launch", "terminate", "start", "stop", "restart", "rename", "update"]
const job = { gpu: "RTX 4090", for: "2h", name: "trainer", image: "ubuntu:24.04", ports: [{ port: 8000 }] }

describe("anygpu mcp", () => {
  test("only reads, unless it may spend", async () => {
    using clouds = simulatedClouds()
    const reader = await mcpSession(clouds, [])
    const { tools } = await reader.client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(reading))
    expect(tools.map(({ name }) => name)).not.toEqual(expect.arrayContaining(["launch"]))
    expect(tools.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true)
    expect(tools.every(({ outputSchema }) => outputSchema?.type === "object")).toBe(true)
    await expect(reader.call("launch", job)).rejects.toThrow(/launch/)
    expect(await reader.end()).toBe(0)

    const spender = await mcpSession(clouds, ["--allow-spend", "20"])
    const more = (await spender.client.listTools()).tools.filter(({ name }) => renting.includes(name))
    expect(
      more.map(({ name, annotations }) => [name, annotations?.readOnlyHint, annotations?.destructiveHint])
    ).toEqual([
      ["launch", false, false],
      ["terminate", false, true],
      ["start", false, false],
      ["stop", false, false],
      ["restart", false, false],
      ["rename", false, false],
      ["update", false, false]
    ])
    expect(await spender.end()).toBe(0)
  })

  test("answers what the commands print with --json", async () => {
    using clouds = simulatedClouds()
    const machine = await clouds.rent("trainer")
    const session = await mcpSession(clouds, [])
    const offers = answerOf(await session.call("offers", { gpu: "h100", limit: 2, kind: ["container", "vm"] }))
    expect(offers.offers).toHaveLength(2)
    const ranked = answerOf(await session.call("compare", { gpu: ["h100"], for: "3h", limit: 1, maxPerHour: "$9" }))
    expect(ranked.candidates[0].cost.total.amount).toMatch(/^\d+(\.\d+)?$/)
    const cost = answerOf(await session.call("cost", { what: offers.offers[0].ref, for: "3h" }))
    expect(cost.cost.of).toBe("offer")
    expect(answerOf(await session.call("list")).machines).toMatchObject([{ ref: String(machine.ref), name: "trainer" }])
    expect(answerOf(await session.call("show", { ref: "trainer" }))).toMatchObject({ ready: true })
    expect(answerOf(await session.call("balance")).balances.length).toBeGreaterThan(0)
    expect(answerOf(await session.call("images", { text: "ubuntu" })).images.length).toBeGreaterThan(0)
    const logs = answerOf(await session.call("logs", { ref: "trainer", tail: 5 }))
    expect(logs).toMatchObject({ ref: String(machine.ref), lines: expect.arrayContaining([expect.any(String)]) })
    expect(answerOf(await session.call("audit")).claimed).toMatchObject([{ machine: { name: "trainer" } }])
    expect(errorOf(await session.call("events", { ref: "trainer" })).error.tag).toBe("Unsupported")
    expect(await session.end()).toBe(0)
    const lines = session.printed.stdout.trimEnd().split("\n")
    expect(lines.every((line) => JSON.parse(line).jsonrpc === "2.0")).toBe(true)
    for (const { apiKey } of Object.values(clouds.simulators)) expect(session.printed.stdout).not.toContain(apiKey)
  })

  test("shows keys, what changes, how to log in and how all is, as the command does", async () => {
    using clouds = simulatedClouds()
    const machine = await clouds.rent("trainer")
    const session = await mcpSession(clouds, [])
    expect(answerOf(await session.call("keys"))).toMatchObject({ keys: [], complete: true })
    expect(answerOf(await session.call("watch", { for: "20s", limit: 1 }))).toMatchObject({
      changes: [{ type: "appeared", machine: { ref: String(machine.ref) } }],
      cut: true
    })
    const { host, port, command } = answerOf(await session.call("ssh", { ref: "trainer" }))
    expect(command).toBe(`ssh -p ${port} root@${host}`)
    const { well, checks } = answerOf(await session.call("doctor"))
    expect(well).toBe(true)
    expect(checks).toContainEqual(expect.objectContaining({ about: "vast", check: "login", state: "ok" }))
    expect(await session.end()).toBe(0)
  })

  test.each([
    ["offers", { gpu: "rtx 6000" }, "InvalidRequest", "say which"],
    ["offers", { minVram: "24" }, "InvalidRequest", "is not a size"],
    ["show", { ref: "nobody" }, "NotFound", "nobody"],
    ["cost", { what: "vast/container/1" }, "NoCapacity", "not on the market"]
  ])("%s %j is a tool error with its tag and what to do", async (name, input, tag, message) => {
    using clouds = simulatedClouds()
    const session = await mcpSession(clouds, [])
    const { error } = errorOf(await session.call(name, input))
    expect(error).toMatchObject({ tag, message: expect.stringContaining(message), advice: expect.stringMatching(/./) })
    await session.end()
  })

  test("refuses invalid input before anything is sent", async () => {
    using clouds = simulatedClouds()
    const session = await mcpSession(clouds, ["--allow-spend", "20"])
    for (const [name, input] of [
      ["offers", { cloud: "vast" }],
      ["audit", { recover: true }],
      ["offers", { limit: "many" }],
      ["launch", { ...job, for: undefined }],
      ["launch", { ...job, yes: true }]
    ] as const) {
      expect((await session.call(name, input)).isError).toBe(true)
    }
    await session.end()
    expect(Object.values(clouds.simulators).flatMap((simulator) => simulator.requests())).toEqual([])
  })

  test("without a network every call says so, and the server lives on", async () => {
    using clouds = simulatedClouds()
    const refuse = async () => {
      throw new TypeError("fetch failed", { cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }) })
    }
    const session = await mcpSession(clouds, [], { fetch: { fluence: refuse, huddle: refuse, vast: refuse } })
    for (const name of ["offers", "list", "balance"]) {
      expect(errorOf(await session.call(name)).error.tag).toBe("Network")
    }
    expect(await session.end()).toBe(0)
  })

  test.each([
    [["--allow-spend", "much"], 2, "is not an amount"],
    [["--allow-spend", "0"], 2, "is nothing"],
    [["--allow-spend"], 2, "argument missing"]
  ])("%j does not start it", async (argv, code, message) => {
    using clouds = simulatedClouds()
    expect(await clouds.run("mcp", ...argv)).toMatchObject({
      code,
      stdout: "",
      stderr: expect.stringContaining(message)
    })
  })

  test("without a key it does not start, and says why", async () => {
    using clouds = simulatedClouds()
    const { ANYGPU_CONFIG, ANYGPU_LEDGER } = clouds.env
    const ran = await runIn({ env: { ANYGPU_CONFIG, ANYGPU_LEDGER } }, "mcp")
    expect(ran).toMatchObject({ code: 3, stdout: "", stderr: expect.stringContaining("VAST_API_KEY") })
  })

  test("a person at a terminal hears whom it is for, and Ctrl-C ends it", async () => {
    using clouds = simulatedClouds()
    const ran = await clouds.runWith({ columns: 80, signal: AbortSignal.abort() }, "mcp")
    expect(ran).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining("an agent's program") })
  })

  test("a wrong key is a tool error that does not repeat it", async () => {
    using clouds = simulatedClouds()
    const session = await mcpSession(clouds, ["--cloud", "vast"], { env: { VAST_API_KEY: "s3cret-value" } })
    expect(errorOf(await session.call("list")).error.tag).toBe("Unauthenticated")
    await session.end()
    expect(session.printed.stdout + session.printed.stderr).not.toContain("s3cret-value")
  })
})

test("a process speaks the protocol over its standard streams", async () => {
  using clouds = simulatedClouds()
  await using servers = await clouds.listen()
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ["--conditions=anygpu-source", `${import.meta.dirname}/../bin.ts`, "mcp"],
    env: { ...childEnv, ...clouds.env, ...servers.env },
    stderr: "pipe"
  })
  const client = new Client({ name: "test", version: "1.0.0" })
  await client.connect(transport)
  expect(client.getServerVersion()?.name).toBe("anygpu")
  const answer = await client.callTool({ name: "offers", arguments: { gpu: "h100", limit: 1 } })
  expect(answer.structuredContent).toMatchObject({ complete: true, offers: [{ gpu: { model: "H100" } }] })
  await client.close()
}, 240_000)
