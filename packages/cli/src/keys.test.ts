import { existsSync, readFileSync, statSync } from "node:fs"
import { clouds as listed } from "@anygpu/clouds"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "./testing/clouds.ts"

const noKeys = { FLUENCE_API_KEY: "", HUDDLE_API_KEY: "", VAST_API_KEY: "" }

describe("an API key that is nowhere", () => {
  test("is asked for, never shown, and kept for its owner alone", async () => {
    using clouds = simulatedClouds()
    const { apiKey } = clouds.simulators.vast
    const options = { env: noKeys, columns: 100 }
    const typed = [
      ["API key of vast", `${apiKey}\r`],
      ["readable by you alone?", "y\r"]
    ] as const
    const { code, stdout, stderr } = await clouds.runWith({ ...options, typed }, "offers", "h100", "--cloud", "vast")
    expect(code).toBe(0)
    expect(stdout).toContain("vast/container/")
    expect(stdout + stderr).not.toContain(apiKey)
    const path = clouds.env.ANYGPU_CONFIG
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ clouds: { vast: { apiKey } } })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const again = await clouds.runWith(options, "offers", "h100")
    expect(again.code).toBe(0)
  })

  test("is asked for one cloud, where none is named", async () => {
    using clouds = simulatedClouds()
    const typed = [
      ["Which cloud?", `${"\u001b[B".repeat(listed.findIndex(({ name }) => name === "vast"))}\r`],
      ["API key of vast", `${clouds.simulators.vast.apiKey}\r`],
      ["readable by you alone?", "n\r"]
    ] as const
    expect((await clouds.runWith({ env: noKeys, columns: 100, typed }, "offers", "h100")).code).toBe(0)
    expect(clouds.simulators.fluence.requests()).toEqual([])
  })

  test("is used once when it is not to be kept", async () => {
    using clouds = simulatedClouds()
    const typed = [
      ["API key of vast", `${clouds.simulators.vast.apiKey}\r`],
      ["readable by you alone?", "n\r"]
    ] as const
    const options = { env: noKeys, columns: 100, typed }
    expect((await clouds.runWith(options, "offers", "h100", "--cloud", "vast")).code).toBe(0)
    expect(existsSync(clouds.env.ANYGPU_CONFIG)).toBe(false)
  })

  test("Ctrl-C instead of an answer ends with 20 and sends nothing", async () => {
    using clouds = simulatedClouds()
    const typed = [["API key of vast", "\u0003"]] as const
    const { code } = await clouds.runWith({ env: noKeys, columns: 100, typed }, "offers", "--cloud", "vast")
    expect(code).toBe(20)
    expect(clouds.simulators.vast.requests()).toEqual([])
  })

  test.each([[["--no-input"]], [["--json"]]])("is not asked for with %j", async (argv) => {
    using clouds = simulatedClouds()
    const { code, stderr } = await clouds.runWith({ env: noKeys, columns: 100 }, "offers", "--cloud", "vast", ...argv)
    expect(code).toBe(3)
    expect(stderr).toContain("VAST_API_KEY")
  })
})

test("removing a key asks first, and no is no", async () => {
  using clouds = simulatedClouds()
  const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0Yx0pq2d3nO4mQp5rS6tU7vW8xY9zA0bC1dE2fG3hI me@laptop"
  await clouds.run("keys", "add", publicKey, "--cloud", "vast")
  const writes = () => clouds.simulators.vast.requests().filter(({ method }) => method === "DELETE").length
  const call = (keys: string) =>
    clouds.runWith({ columns: 100, typed: [["from the account?", keys]] }, "keys", "remove", "me@laptop")
  expect((await call("n\r")).code).toBe(20)
  expect(writes()).toBe(0)
  expect((await call("y\r")).code).toBe(0)
  expect(writes()).toBe(1)
})
