import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

const bin = fileURLToPath(new URL("../bin.ts", import.meta.url))

test("a second Ctrl-C ends a launch at once, and says what may be left", async () => {
  using clouds = simulatedClouds()
  await using servers = await clouds.listen()
  const { vast } = clouds.simulators
  // Its end is never answered, so that the first Ctrl-C goes on and on.
  vast.fault({ on: { method: "DELETE" }, times: 100, do: { kind: "hang" } })
  const booting = Promise.withResolvers<void>()
  const argv = ["launch", "rtx 4090", "--cloud", "vast", "--image", "a/b", "--yes"]
  const child = spawn(process.execPath, ["--conditions=anygpu-source", bin, ...argv], {
    env: { PATH: process.env.PATH ?? "", NODE_DISABLE_COMPILE_CACHE: "1", ...clouds.env, ...servers.env },
    stdio: ["ignore", "ignore", "pipe"]
  })
  let stderr = ""
  const interrupted = Promise.withResolvers<void>()
  child.stderr.on("data", (chunk) => {
    stderr += String(chunk)
    if (stderr.includes("interrupted: ending what was made")) interrupted.resolve()
    if (stderr.includes("waiting for vast/container/")) booting.resolve()
  })
  const ended = once(child, "close")
  await booting.promise
  child.kill("SIGINT")
  await interrupted.promise
  child.kill("SIGINT")
  expect(await ended).toEqual([130, null])
  const [machine] = vast.truth()
  expect(machine?.isAlive).toBe(true)
  expect(stderr).toContain(`  anygpu terminate vast/container/${machine?.id}`)
  expect(stderr).toContain("Look with: anygpu audit --recover")
}, 60_000)
