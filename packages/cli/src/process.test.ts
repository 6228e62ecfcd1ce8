import { spawn } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { childEnv } from "./testing/child-env.ts"
import { simulatedClouds } from "./testing/clouds.ts"

const bin = fileURLToPath(new URL("./bin.ts", import.meta.url))

const start = (argv: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}) => {
  const child = spawn(process.execPath, ["--conditions=anygpu-source", bin, ...argv], {
    env: { ...childEnv, ...env },
    stdio: ["ignore", "pipe", "pipe"]
  })
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal }))
  return { child, ended, stderr: text(child.stderr) }
}

/** A cloud that takes requests and never answers. */
const silent = async () => {
  const asked = Promise.withResolvers<void>()
  const server = createServer(() => asked.resolve())
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  return {
    asked: asked.promise,
    env: { VAST_BASE_URL: `http://127.0.0.1:${port}`, VAST_API_KEY: "a-key" },
    [Symbol.dispose]: () => {
      server.closeAllConnections()
      server.close()
    }
  }
}

describe("the process", () => {
  test("prints, ends with the code, and leaves nothing running", async () => {
    using clouds = simulatedClouds()
    await using servers = await clouds.listen()
    const { child, ended, stderr } = start(["offers", "h100", "--limit", "1", "--json"], {
      ...clouds.env,
      ...servers.env
    })
    const stdout = await text(child.stdout)
    expect({ ...(await ended), stderr: await stderr }).toEqual({ code: 0, signal: null, stderr: "" })
    expect(JSON.parse(stdout).offers).toHaveLength(1)
  })

  test.each(["SIGINT", "SIGTERM"] as const)("%s aborts what is under way, and it says so", async (signal) => {
    using clouds = simulatedClouds()
    using cloud = await silent()
    const { child, ended, stderr } = start(["list", "--cloud", "vast"], { ...clouds.env, ...cloud.env })
    await cloud.asked
    child.kill(signal)
    expect(await ended).toEqual({ code: 130, signal: null })
    expect(await stderr).toBe("Interrupted.\n")
  })

  test("a reader that goes away is no error", async () => {
    using clouds = simulatedClouds()
    await using servers = await clouds.listen()
    const { child, ended, stderr } = start(["offers", "--limit", "0", "--json"], { ...clouds.env, ...servers.env })
    child.stdout.destroy()
    expect((await ended).signal).toBeNull()
    expect(await stderr).toBe("")
  })
})
