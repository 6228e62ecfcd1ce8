import { spawn } from "node:child_process"
import { once } from "node:events"
import { PassThrough } from "node:stream"
import { fileURLToPath } from "node:url"
import { clouds as listed } from "@anygpu/clouds"
import { vast } from "@anygpu/vast"
import { createGpu } from "anygpu"
import { describe, expect, test } from "vitest"
import { simShape } from "../json/sim.ts"
import { main } from "../main.ts"
import { childEnv } from "../testing/child-env.ts"
import { simulatedClouds } from "../testing/clouds.ts"
import { runIn } from "../testing/terminal.ts"

/** `anygpu sim --json` in this process, with the lines that it prints; ended when the test is over. */
const started = async (...argv: ReadonlyArray<string>) => {
  const [stdout, stderr, abort] = [new PassThrough(), new PassThrough(), new AbortController()]
  const lines: Array<string> = []
  stdout.on("data", (chunk) => lines.push(...String(chunk).trimEnd().split("\n")))
  const io = { stdin: new PassThrough(), stdout, stderr, env: {}, signal: abort.signal }
  const ended = main(["sim", "--json", ...argv], io)
  const count = argv.includes("--cloud") ? 1 : 3
  while (lines.length < count)
    await Promise.race([once(stdout, "data"), ended.then(() => Promise.reject(new Error("ended")))])
  const clouds = lines.map((line) => simShape.strict().parse(JSON.parse(line)))
  const end = () => {
    abort.abort()
    return ended
  }
  return { clouds, end, [Symbol.asyncDispose]: async () => void (await end()) }
}

const envOf = (clouds: Awaited<ReturnType<typeof started>>["clouds"]) =>
  Object.fromEntries(
    clouds.flatMap(({ provider, url, apiKey }) => [
      [`${provider.toUpperCase()}_BASE_URL`, url],
      ...(listed.find(({ name }) => name === provider)?.keys ?? []).map(({ variables: [first] }) => [first, apiKey])
    ])
  )

describe("anygpu sim", () => {
  test("serves the clouds to any program, and ends them with 0 when it is interrupted", async () => {
    await using sim = await started("--seed", "7")
    expect(sim.clouds.map(({ provider }) => provider)).toEqual(listed.map(({ name }) => name))
    using folder = simulatedClouds()
    const env = { ...folder.env, ...envOf(sim.clouds) }
    const { code, stdout } = await runIn({ env }, "offers", "h100", "--limit", "0")
    expect(code).toBe(0)
    for (const { provider } of sim.clouds) expect(stdout).toContain(`\n${provider}/`)
    expect(await sim.end()).toBe(0)
    await expect(fetch(sim.clouds[0]?.url ?? "")).rejects.toThrow("fetch failed")
  })

  test("lets nobody in without the key", async () => {
    await using sim = await started("--cloud", "vast")
    expect(sim.clouds).toHaveLength(1)
    const ask = async (key: string) => {
      const headers = { authorization: `Bearer ${key}` }
      return (await fetch(`${sim.clouds[0]?.url}/api/v0/users/current/`, { headers })).status
    }
    expect([await ask(sim.clouds[0]?.apiKey ?? ""), await ask("other")]).toEqual([200, 401])
  })

  test("runs as fast as its option says: a machine of minutes is up in no time", async () => {
    await using sim = await started("--cloud", "vast", "--speed", "3600")
    const [{ url, apiKey } = { url: "", apiKey: "" }] = sim.clouds
    const cloud = vast({ apiKey, baseUrl: url })
    const [offer] = await createGpu({ clouds: [cloud] }).offers({ kind: "container", limit: 1 })
    const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" }
    const body = JSON.stringify({ image: "ubuntu:24.04", disk: 10 })
    expect((await fetch(`${url}/api/v0/asks/${offer?.id}/`, { method: "PUT", headers, body })).status).toBe(200)
    const deadline = Date.now() + 10_000
    let text = ""
    while (!text.includes('"actual_status":"running"') && Date.now() < deadline) {
      text = await (await fetch(`${url}/api/v1/instances/`, { headers })).text()
    }
    expect(text).toContain('"actual_status":"running"')
  })

  test("lets requests go wrong when its options say so", async () => {
    await using sim = await started("--cloud", "vast", "--speed", "3600", "--faults", "100%")
    const ask = () =>
      fetch(sim.clouds[0]?.url ?? "").then(
        ({ status }) => status >= 500,
        () => true
      )
    const wrong = await Promise.all(Array.from({ length: 12 }, ask))
    expect(wrong).toContain(true)
  })

  test("ends with 0 on SIGTERM, and prints what to paste", { timeout: 240_000 }, async () => {
    const bin = fileURLToPath(new URL("../bin.ts", import.meta.url))
    const child = spawn(process.execPath, ["--conditions=anygpu-source", bin, "sim"], { env: childEnv })
    let text = ""
    child.stdout.on("data", (chunk) => {
      text += String(chunk)
    })
    while (text.split("\n").length < 4) await once(child.stdout, "data")
    expect(text).toMatch(/^export FLUENCE_BASE_URL=http:\/\/127\.0\.0\.1:\d+ FLUENCE_API_KEY=\S+\nexport HUDDLE_/)
    child.kill("SIGTERM")
    expect(await once(child, "exit")).toEqual([0, null])
  })

  test.each([
    [["--speed", "0"], '--speed: "0" is not a speed'],
    [["--speed", "fast"], '--speed: "fast" is not a speed'],
    [["--faults", "often"], '--faults: "often" is not a share'],
    [["--seed", "x"], '--seed: "x" is not a whole number'],
    [["--cloud", "aws"], `Allowed choices are ${listed.map(({ name }) => name).join(", ")}.`]
  ])("refuses %j", async (argv, message) => {
    const { code, stdout, stderr } = await runIn({}, "sim", ...argv)
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr).toContain(message)
  })
})
