import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { exitCodes } from "@anygpu/operations/failure"
import { expect, test } from "vitest"
import { childEnv } from "../testing/child-env.ts"
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
    env: { ...childEnv, ...clouds.env, ...servers.env },
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
}, 240_000)

/** Runs the command as a process of its own, on simulated clouds in one file. */
const inProcess = async (clouds: ReturnType<typeof simulatedClouds>, ...argv: ReadonlyArray<string>) => {
  const state = ["--sim-state", join(clouds.folder, "simulation.db")]
  const child = spawn(process.execPath, ["--conditions=anygpu-source", bin, ...state, ...argv], {
    env: {
      ...childEnv,
      HOME: clouds.folder,
      ANYGPU_SIM_SPEED: "5"
    },
    stdio: ["ignore", "pipe", "pipe"]
  })
  const said = { stdout: "", stderr: "" }
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].on("data", (chunk) => {
      said[stream] += String(chunk)
    })
  }
  const [code] = await once(child, "close")
  return { code: code as number, ...said }
}

test("four processes at once with one key, and one offer for it: one machine, printed by all", async () => {
  using clouds = simulatedClouds()
  const { offers } = JSON.parse(
    (await inProcess(clouds, "offers", "h100", "--kind", "container", "--cloud", "vast", "--json")).stdout
  )
  const call = ["launch", offers[0].ref, "--image", "a/b", "--key", "job-7", "--no-wait", "--yes", "--json"]
  const ran = await Promise.all(Array.from({ length: 4 }, () => inProcess(clouds, ...call)))
  expect(ran.map(({ code, stderr }) => ({ code, stderr }))).toEqual(ran.map(() => ({ code: 0, stderr: "" })))
  expect(new Set(ran.map(({ stdout }) => JSON.parse(stdout).machine.ref)).size).toBe(1)
  const again = await inProcess(clouds, ...call)
  expect({ code: again.code, quote: JSON.parse(again.stdout).quote }).toEqual({ code: 0, quote: null })
  const { machines } = JSON.parse((await inProcess(clouds, "list", "--json")).stdout)
  expect(machines).toHaveLength(1)
  const other = await inProcess(clouds, ...call, "--image", "a/c")
  expect(other.code).toBe(exitCodes.state.code)
}, 240_000)
