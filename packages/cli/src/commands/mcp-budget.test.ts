import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"
import { answerOf, errorOf, mcpSession } from "../testing/mcp.ts"

const wanted = { gpu: "RTX 4090", for: "2h", name: "trainer", image: "ubuntu:24.04" }

type Clouds = ReturnType<typeof simulatedClouds>

const aliveOf = ({ simulators }: Clouds) =>
  Object.values(simulators).flatMap((simulator) => simulator.truth().filter(({ isAlive }) => isAlive))

/** Every machine of Vast costs ten times what it was offered for. */
const dearer = ({ simulators: { vast, fluence, huddle } }: Clouds) => {
  const tenfold = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(tenfold)
    if (typeof value !== "object" || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [
        name,
        /^dph_(base|total)$/.test(name) && typeof field === "number" ? field * 10 : tenfold(field)
      ])
    )
  }
  const fetch: typeof vast.fetch = async (url, init) => {
    const answer = await vast.fetch(url, init)
    if (!/\/api\/v[01]\/instances\//.test(String(url)) || (init?.method ?? "GET") !== "GET") return answer
    return new Response(JSON.stringify(tenfold(await answer.json())), {
      status: answer.status,
      headers: answer.headers
    })
  }
  return { vast: fetch, fluence: fluence.fetch, huddle: huddle.fetch }
}

describe("the budget of anygpu mcp", () => {
  test("is not refilled by a restart, and another one begins under another name", async () => {
    using clouds = simulatedClouds()
    const first = await mcpSession(clouds, ["--allow-spend", "2"])
    const { machine, quote } = answerOf(await first.call("launch", wanted))
    expect(Number(quote.cost.total.amount)).toBeGreaterThan(1)
    await first.call("terminate", { ref: machine.ref })
    await first.end()
    const again = await mcpSession(clouds, ["--allow-spend", "2"])
    const { error } = errorOf(await again.call("launch", wanted))
    expect(error).toMatchObject({ tag: "OutOfFunds", ownLimit: true, available: { amount: "2" } })
    expect(error.message).toMatch(/budget "mcp".*held or spent already/)
    await again.end()
    const other = await mcpSession(clouds, ["--allow-spend", "2", "--budget", "july"])
    expect(answerOf(await other.call("launch", wanted)).machine.ref).toMatch(/^\w+\//)
    await other.end()
  })

  test("is shared by sessions that run at the same time", async () => {
    using clouds = simulatedClouds()
    const sessions = [
      await mcpSession(clouds, ["--allow-spend", "2"]),
      await mcpSession(clouds, ["--allow-spend", "2"])
    ]
    const answers = await Promise.all(sessions.map((session) => session.call("launch", wanted)))
    expect(answers.filter(({ isError }) => isError === true)).toHaveLength(1)
    expect(aliveOf(clouds)).toHaveLength(1)
    for (const session of sessions) await session.end()
  })

  test("ends machines that turn out dearer than they were offered for, and passes over to no more than it may", async () => {
    using clouds = simulatedClouds()
    const session = await mcpSession(clouds, ["--allow-spend", "2", "--cloud", "vast"], { fetch: dearer(clouds) })
    const { error } = errorOf(await session.call("launch", { ...wanted, maxAttempts: 2 }))
    expect(error).toMatchObject({ tag: "OutOfFunds", ownLimit: true })
    expect(error.message).toMatch(/turned out to cost .* per hour.*was ended again/)
    expect(clouds.simulators.vast.truth()).toHaveLength(2)
    expect(aliveOf(clouds)).toEqual([])
    await session.end()
  })

  test("of a launch: a machine at whose own price the job costs more than maxTotal is ended", async () => {
    using clouds = simulatedClouds()
    const session = await mcpSession(clouds, ["--allow-spend", "100", "--cloud", "vast"], { fetch: dearer(clouds) })
    const { error } = errorOf(await session.call("launch", { ...wanted, maxTotal: "3", maxAttempts: 1 }))
    expect(error).toMatchObject({ tag: "OutOfFunds", ownLimit: true })
    expect(clouds.simulators.vast.truth()).toHaveLength(1)
    expect(aliveOf(clouds)).toEqual([])
    await session.end()
  })

  test("a named offer above a limit is too dear, not gone", async () => {
    using clouds = simulatedClouds()
    const { stdout } = await clouds.run("offers", "--json", "--cloud", "vast", "--kind", "container", "rtx 4090")
    const offer: string = JSON.parse(stdout).offers[0].ref
    const session = await mcpSession(clouds, ["--allow-spend", "20"])
    const { error } = errorOf(await session.call("launch", { ...wanted, offer, maxTotal: "0.02" }))
    expect(error).toMatchObject({ tag: "OutOfFunds", ownLimit: true, available: { amount: "0.02" } })
    expect(error.message).toContain(`${offer} costs`)
    await session.end()
  })
})

describe("anygpu launch", () => {
  const order = ["launch", "rtx 4090", "--cloud", "vast", "--image", "a/b", "--for", "2h", "--yes"]

  test("above its own limit says what the cheapest that fits costs", async () => {
    using clouds = simulatedClouds()
    for (const limit of [
      ["--max-total", "0.05"],
      ["--max-per-hour", "0.05"]
    ]) {
      const { code, stderr } = await clouds.run(...order, ...limit)
      expect(code).toBe(7)
      expect(stderr).toMatch(/No offer fits within .*The cheapest that fits otherwise: vast\/container\/\d+, \$/)
    }
    // Each run is a process that knows nothing of the rate limits that others have used up.
    await clouds.clock.advance(60_000)
    const { stderr } = await clouds.run(...order, "--max-total", "0.05", "--json")
    expect(JSON.parse(stderr.trim().split("\n").at(-1) ?? "").error).toMatchObject({
      ...{ tag: "OutOfFunds", ownLimit: true, available: { amount: "0.05", currency: "USD" } },
      needed: { currency: "USD" }
    })
    expect(aliveOf(clouds)).toEqual([])
  })

  test("rents no more machines than --max-attempts", async () => {
    using clouds = simulatedClouds()
    const { vast } = clouds.simulators
    const failed = new Set<string>()
    vast.onRequest(({ method, path }) => {
      const [, id] = /^\/api\/v0\/instances\/(\d+)\/$/.exec(path) ?? []
      if (method !== "GET" || id === undefined || failed.has(id)) return
      failed.add(id)
      vast.failBoot(Number(id))
    })
    const { code, stderr } = await clouds.run(...order, "--max-attempts", "2", "--max-total", "50")
    expect(code).toBe(7)
    expect(stderr).toContain("2 machines were rented and none of them was kept")
    expect(vast.truth()).toHaveLength(2)
    expect((await clouds.run(...order, "--max-attempts", "none")).code).toBe(2)
  })

  test("that does not wait ends a machine at whose own price the job is above --max-total", async () => {
    using clouds = simulatedClouds()
    const argv = [...order, "--no-wait", "--max-total", "3", "--max-per-hour", "50"]
    const { code, stderr } = await clouds.runWith({ fetch: dearer(clouds) }, ...argv)
    expect(code).toBe(7)
    expect(stderr).toMatch(/turned out to cost/)
    expect([clouds.simulators.vast.truth().length, aliveOf(clouds).length]).toEqual([1, 0])
  })
})

describe("maxTotal under a key counts what earlier calls with it have cost", () => {
  /** What the job costs on the cheapest offer that is named, and that offer. */
  const cheapest = async (clouds: Clouds) => {
    const { stdout } = await clouds.run("compare", "rtx 4090", "--cloud", "vast", "--for", "2h", "--json")
    const { offer, cost } = JSON.parse(stdout).candidates[0]
    return { offer: offer.ref as string, total: Number(cost.total.amount) }
  }

  test("also of a launch that does not wait", async () => {
    using clouds = simulatedClouds()
    const { offer, total } = await cheapest(clouds)
    const argv = ["launch", offer, "--image", "a/b", "--for", "2h", "--key", "k", "--no-wait", "--yes"]
    const call = () =>
      clouds.runWith({ fetch: dearer(clouds) }, ...argv, "--max-total", `${total + 0.000_1}`, "--max-per-hour", "50")
    const first = await call()
    expect([first.code, first.stderr]).toEqual([7, expect.stringContaining("turned out to cost")])
    const second = await call()
    expect([second.code, second.stderr]).toEqual([7, expect.stringContaining("that was spent on earlier tries")])
    expect(clouds.simulators.vast.truth()).toHaveLength(1)
  })

  test("also of agents, in other sessions too", async () => {
    using clouds = simulatedClouds()
    const { offer, total } = await cheapest(clouds)
    const input = { ...wanted, gpu: undefined, offer, key: "k", maxTotal: `${total + 0.000_1}` }
    for (const says of ["turned out to cost", "that was spent on earlier tries"]) {
      const session = await mcpSession(clouds, ["--allow-spend", "100", "--cloud", "vast"], { fetch: dearer(clouds) })
      const { error } = errorOf(await session.call("launch", input))
      expect(error).toMatchObject({ tag: "OutOfFunds", ownLimit: true, message: expect.stringContaining(says) })
      await session.end()
    }
    expect(clouds.simulators.vast.truth()).toHaveLength(1)
  })
})
