import { describe, expect, test } from "vitest"
import { z } from "zod"
import { simulatedClouds } from "../testing/clouds.ts"
import { answerOf, errorOf, mcpSession } from "../testing/mcp.ts"

const job = { gpu: "RTX 4090", for: "2h", name: "trainer", image: "ubuntu:24.04", ports: [{ port: 8000 }] }

type Clouds = ReturnType<typeof simulatedClouds>

const machinesOf = async (clouds: Clouds) =>
  z.object({ machines: z.array(z.unknown()) }).parse(JSON.parse((await clouds.run("list", "--json")).stdout)).machines

/** The cheapest container of Vast for the job. */
const cheapest = async (clouds: Clouds): Promise<string> => {
  const { stdout } = await clouds.run("offers", "--json", "--cloud", "vast", "--kind", "container", job.gpu)
  const { offers } = z.object({ offers: z.array(z.object({ ref: z.string() })) }).parse(JSON.parse(stdout))
  return offers[0]?.ref ?? ""
}

describe("anygpu mcp --allow-spend", () => {
  test("launches with its quote, stops, starts and ends", async () => {
    using clouds = simulatedClouds()
    const session = await mcpSession(clouds, ["--allow-spend", "20"])
    const launched = answerOf(await session.call("launch", job))
    expect(launched.machine.name).toBe("trainer")
    expect(launched.quote.offer.gpu.model).toBe("RTX 4090")
    for (const amount of [launched.quote.cost.total, launched.quote.cost.perHour, launched.quote.cost.upfront]) {
      expect(amount).toMatchObject({ amount: expect.stringMatching(/^\d/), currency: expect.stringMatching(/^USD/) })
    }
    expect(launched.limit).toEqual({ amount: "20", currency: "USD" })
    expect(launched.endsAt).toBe("2026-01-01T02:00:00.000Z")
    const { ref } = launched.machine
    await clouds.clock.advance(600_000)
    expect(answerOf(await session.call("show", { ref }))).toMatchObject({ ready: true })
    if (ref.startsWith("vast/")) {
      await session.call("stop", { ref })
      await clouds.clock.advance(600_000)
      expect(answerOf(await session.call("start", { ref })).machine.ref).toBe(ref)
    }
    expect(answerOf(await session.call("terminate", { ref }))).toMatchObject({ ref, alreadyGone: false })
    expect(answerOf(await session.call("list")).machines).toEqual([])
    expect(await session.end()).toBe(0)
    expect(session.printed.stderr).toBe("")
  })

  test("holds its limit over the whole session, and says what the refused launch would have cost", async () => {
    using clouds = simulatedClouds()
    const session = await mcpSession(clouds, ["--allow-spend", "2"])
    const first = answerOf(await session.call("launch", job))
    const total = Number(first.quote.cost.total.amount)
    expect(total).toBeLessThanOrEqual(2)
    const { error, quote } = errorOf(await session.call("launch", { ...job, name: "second", for: "10h" }))
    expect(error).toMatchObject({ tag: "OutOfFunds", advice: expect.stringContaining("limit") })
    expect(Number(quote?.cost.total.amount) + total).toBeGreaterThan(2)
    expect(answerOf(await session.call("list")).machines).toHaveLength(1)
    await session.call("terminate", { ref: first.machine.ref })
    expect(errorOf(await session.call("launch", { ...job, name: "third", for: "10h" })).error.tag).toBe("OutOfFunds")
    await session.end()
  })

  test("the same key rents once", async () => {
    using clouds = simulatedClouds()
    const session = await mcpSession(clouds, ["--allow-spend", "20"])
    const first = answerOf(await session.call("launch", { ...job, key: "run-1" }))
    const second = answerOf(await session.call("launch", { ...job, key: "run-1" }))
    expect(second).toMatchObject({ quote: null, endsAt: first.endsAt, machine: { ref: first.machine.ref } })
    expect(answerOf(await session.call("list")).machines).toHaveLength(1)
    await session.end()
    const other = await mcpSession(clouds, ["--allow-spend", "20"])
    const third = answerOf(await other.call("launch", { ...job, key: "run-1" }))
    expect(third).toMatchObject({ quote: null, endsAt: null, machine: { ref: first.machine.ref } })
    await other.call("terminate", { ref: first.machine.ref })
    expect(errorOf(await other.call("launch", { ...job, key: "run-1" })).error.tag).toBe("Conflict")
    await other.end()
  })

  test("starts no machine for which nothing was set aside", async () => {
    using clouds = simulatedClouds()
    const machine = await clouds.rent("theirs")
    const session = await mcpSession(clouds, ["--allow-spend", "20"])
    await session.call("stop", { ref: "theirs" })
    const { error } = errorOf(await session.call("start", { ref: "theirs" }))
    expect(error).toMatchObject({ tag: "PermissionDenied", message: expect.stringContaining(String(machine.ref)) })
    await session.end()
  })

  test.each([
    [{ ...job, image: undefined }, "InvalidRequest", "`os`"],
    [{ ...job, gpu: "h100", maxTotal: "0.01" }, "OutOfFunds", "by maxTotal"],
    [
      { ...job, gpu: "h100", maxTotal: "0.01" },
      "OutOfFunds",
      "within maxTotal $0.01. The cheapest that fits otherwise: "
    ],
    [{ ...job, maxPerHour: "0.01" }, "OutOfFunds", "per hour. Nothing was rented"],
    [{ ...job, offer: "vast/container/1" }, "NoCapacity", "vast/container/1"],
    [{ ...job, for: "soon" }, "InvalidRequest", "is not a length of time"]
  ])("refuses %j", async (input, tag, message) => {
    using clouds = simulatedClouds()
    const session = await mcpSession(clouds, ["--allow-spend", "20"])
    expect(errorOf(await session.call("launch", input)).error).toMatchObject({
      tag,
      message: expect.stringContaining(message)
    })
    expect(answerOf(await session.call("list")).machines).toEqual([])
    await session.end()
  })

  test("says what is still rented when the agent goes, and the ledger ends it later", async () => {
    using clouds = simulatedClouds()
    const session = await mcpSession(clouds, ["--allow-spend", "20"])
    const { machine } = answerOf(await session.call("launch", job))
    expect(await session.end()).toBe(0)
    expect(session.printed.stderr).toContain(`still rented until 2026-01-01 02:00 UTC: ${machine.ref}`)
  })

  test("an agent that goes away during a launch leaves nothing behind", async () => {
    using clouds = simulatedClouds()
    const { fluence, huddle, vast } = clouds.simulators
    const [made, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const slow: typeof vast.fetch = async (url, init) => {
      const answer = await vast.fetch(url, init)
      if (String(url).includes("/asks/")) {
        // No time passes meanwhile: the request would be given up.
        const release = clouds.clock.hold()
        made.resolve()
        await gone.promise
        release()
      }
      return answer
    }
    const fetch = { fluence: fluence.fetch, huddle: huddle.fetch, vast: slow }
    const session = await mcpSession(clouds, ["--allow-spend", "20"], { fetch })
    const launch = session.call("launch", { ...job, offer: await cheapest(clouds) }).catch(() => null)
    await made.promise
    const ended = session.end()
    // The end of a stream takes some turns to arrive.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    gone.resolve()
    expect(await ended).toBe(0)
    await launch
    expect(await machinesOf(clouds)).toEqual([])
  })
})
