import { setImmediate } from "node:timers/promises"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"
import type { TerminalOptions } from "../testing/terminal.ts"

const token = "0123456789abcdef0123456789abcdef"

/** A command that serves, as soon as it says where, until `end`. */
const serving = async (clouds: ReturnType<typeof simulatedClouds>, ...argv: ReadonlyArray<string>) => {
  const stop = new AbortController()
  let printed = ""
  const options: TerminalOptions = {
    ...{ signal: stop.signal, env: { ANYGPU_DASHBOARD_TOKEN: token } },
    onStdout: (text) => {
      printed += text
    }
  }
  const running = clouds.runWith(options, ...argv, "--json")
  const address = () => /"url":"(http:[^"]+)"/.exec(printed)?.[1]
  const done = running.then(({ stderr }) => {
    throw new Error(`it has ended: ${stderr}`)
  })
  done.catch(() => {})
  while (!address()) await Promise.race([setImmediate(), done])
  const call = async (operation: string, input: object) => {
    const answer = await fetch(`${address()}/api/v1/${operation}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(input)
    })
    return { status: answer.status, json: await answer.json() }
  }
  const end = async () => {
    stop.abort()
    return await running
  }
  return { call, end, printed: () => printed }
}

const order = { gpu: "RTX 4090", for: "1h", name: "job", image: "ubuntu:24.04", key: "k" }

describe("anygpu dashboard", () => {
  test("only reads, unless it is said otherwise, and prints where it is and its token", async () => {
    using clouds = simulatedClouds()
    const { call, end, printed } = await serving(clouds, "dashboard", "--port", "0")
    expect(JSON.parse(printed())).toMatchObject({ link: expect.stringMatching(`#token=${token}$`) })
    const listed = JSON.parse((await clouds.run("list", "--json")).stdout)
    expect((await call("list", {})).json).toEqual({ ...listed, observedAt: expect.any(String) })
    expect((await call("launch", order)).status).toBe(403)
    expect((await end()).code).toBe(0)
  })

  test("rents within a budget, and ends what it rented in time", async () => {
    using clouds = simulatedClouds()
    const options = ["--port", "0", "--allow-changes", "--allow-spend", "5"]
    const { call, end } = await serving(clouds, "dashboard", ...options)
    expect((await call("launch", order)).status).toBe(200)
    expect((await call("launch", { ...order, key: "other", for: "90d" })).json.error).toMatchObject({
      ...{ tag: "OutOfFunds", ownLimit: true }
    })
    while (Object.values(clouds.simulators).some((one) => one.truth().some(({ isAlive }) => isAlive)))
      await setImmediate()
    expect((await end()).code).toBe(0)
  })

  test.each([
    [["--allow-spend", "5"], /--allow-changes/],
    [["--allow-changes", "--max-per-day", "5"], /--allow-spend/],
    [["--listen", "0.0.0.0"], /public/]
  ])("does not start with %j", async (options, why) => {
    using clouds = simulatedClouds()
    const { code, stderr } = await clouds.run("dashboard", "--port", "0", ...options)
    expect([code, stderr]).toEqual([2, expect.stringMatching(why)])
  })
})

test("a keeper serves it too, and prints no token in what is kept", async () => {
  using clouds = simulatedClouds()
  const { call, end } = await serving(clouds, "keeper", "--dashboard", "0")
  expect((await call("balance", {})).status).toBe(200)
  const { code, stdout } = await end()
  expect([code, stdout]).toEqual([0, expect.not.stringContaining(token)])
  expect((await clouds.run("keeper", "--dashboard", "0")).stderr).toMatch(/ANYGPU_DASHBOARD_TOKEN.*is missing/)
})
