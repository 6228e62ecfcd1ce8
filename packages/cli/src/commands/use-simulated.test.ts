import { execFileSync } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { exitCodes } from "@anygpu/operations/failure"
import { createClock, simulators } from "@anygpu/simulators"
import { expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

/** Clouds of which Vast's machines can be logged in to, and a command with the key of its launches. */
const reachableClouds = () => {
  // A login takes real time, which virtual time must not jump over.
  const clouds = simulatedClouds(createClock({ mode: { speed: 100 } }))
  const { apiKey } = clouds.simulators.vast
  const vast = simulators.vast({ clock: clouds.clock, ssh: true, apiKey })
  const key = join(clouds.folder, "id")
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key])
  const options = { fetch: { ...clouds.fetch, vast: vast.fetch }, ssh: { key, agent: false as const } }
  const run = (...argv: ReadonlyArray<string>) => clouds.runWith(options, ...argv)
  return {
    ...{ clouds, vast, options, run, folder: clouds.folder, key },
    [Symbol.asyncDispose]: async () => {
      await vast.ssh.close()
      clouds[Symbol.dispose]()
    }
  }
}

test("a simulated machine is launched, used, and its results come home", { timeout: 240_000 }, async () => {
  await using world = reachableClouds()
  const { run, folder, key } = world
  const order = ["launch", "rtx 4090", "--cloud", "vast", "--image", "a/b", "--name", "trainer", "--yes"]
  const launched = await run(...order, "--ssh-key", `${key}.pub`)
  expect(launched).toMatchObject({ code: 0 })
  const smi = await run("exec", "trainer", "--", "nvidia-smi", "--query-gpu=name", "--format=csv,noheader")
  expect(smi).toMatchObject({ code: 0, stdout: expect.stringContaining("RTX 4090") })
  expect(await run("exec", "trainer", "--", "echo out; echo err >&2; exit 7")).toMatchObject({
    ...{ code: 7, stdout: "out\n", stderr: expect.stringContaining("err\n") }
  })
  mkdirSync(join(folder, "work/data"), { recursive: true })
  writeFileSync(join(folder, "work/train.sh"), "mkdir -p out; cat data/in > out/result")
  writeFileSync(join(folder, "work/data/in"), "42")
  expect((await run("cp", join(folder, "work"), "trainer:work")).stdout).toMatch(/^2 files/)
  expect((await run("cp", join(folder, "work"), "trainer:work")).stdout).toMatch(/^0 files .* 2 were there already/)
  expect((await run("exec", "trainer", "--cwd", "work", "--", "sh", "train.sh")).code).toBe(0)
  expect((await run("cp", "trainer:work/out/*", join(folder, "home"))).code).toBe(0)
  expect(readdirSync(join(folder, "home"))).toEqual(["result"])
  expect(readFileSync(join(folder, "home/result"), "utf8")).toBe("42")
  expect((await run("terminate", "trainer", "--yes")).code).toBe(0)
  expect((await run("exec", "trainer", "--", "true")).code).not.toBe(0)
})

test("a simulated machine that lets nobody in is said to be so", { timeout: 240_000 }, async () => {
  await using world = reachableClouds()
  const { run, key } = world
  const order = ["launch", "rtx 4090", "--cloud", "vast", "--image", "a/b", "--name", "trainer", "--yes"]
  expect((await run(...order, "--ssh-key", `${key}.pub`)).code).toBe(0)
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(world.folder, "other")])
  const refused = await run("exec", "trainer", "-i", join(world.folder, "other"), "--", "true")
  expect(refused).toMatchObject({
    code: exitCodes.login.code,
    stderr: expect.stringContaining("with none of these keys")
  })
})

test("Ctrl-C ends a command on a simulated machine", { timeout: 240_000 }, async () => {
  await using world = reachableClouds()
  const { run, key } = world
  const order = ["launch", "rtx 4090", "--cloud", "vast", "--image", "a/b", "--name", "trainer", "--yes"]
  expect((await run(...order, "--ssh-key", `${key}.pub`)).code).toBe(0)
  const abort = new AbortController()
  const interrupt = () => abort.abort(new DOMException("Interrupted.", "AbortError"))
  const call = { ...world.options, signal: abort.signal, onStdout: interrupt }
  const ran = await world.clouds.runWith(call, "exec", "trainer", "--", "echo begun; sleep 100000; echo over")
  expect(ran).toMatchObject({ code: exitCodes.interrupted.code, stdout: "begun\n" })
  expect((await run("exec", "trainer", "--", "ps -e | grep sleep | grep -v grep")).stdout).toBe("")
})
