import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { exitCodes } from "@anygpu/operations/failure"
import { execShape } from "@anygpu/operations/protocol"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"
import { withoutSshd } from "../testing/machine.ts"
import type { TerminalOptions } from "../testing/terminal.ts"
import { rentedTrainer } from "../testing/trainer.ts"

/** Whether a process runs; one that nobody has waited for yet does not. */
const isAlive = (pid: number): boolean => {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"))
  } catch {
    return false
  }
}

describe.skipIf(withoutSshd)("anygpu exec", () => {
  const own = rentedTrainer()
  const exec = (options: TerminalOptions, ...argv: ReadonlyArray<string>) =>
    own.clouds.runWith({ ssh: own.machine.ssh, ...options }, "exec", "trainer", ...argv)

  test("answers with the command's code, and keeps its two outputs apart", async () => {
    expect(await exec({}, "--", "echo out; echo err >&2; exit 7")).toEqual({
      code: 7,
      stdout: "out\n",
      stderr: "err\n"
    })
    expect((await exec({}, "--", "kill -TERM $$")).code).toBe(143)
  })

  test("takes several words as a program and its arguments, whatever is in them", async () => {
    const words = ["a b", "$HOME", "it's", "--json", "x,y"]
    expect(await exec({}, "--", "printf", "%s|", ...words)).toMatchObject({ stdout: `${words.join("|")}|`, code: 0 })
  })

  test("gives it the standard input, variables and a folder", async () => {
    const env = { ...own.clouds.env, TOKEN: "s3cret" }
    const line = 'printf "%s %s " "$TOKEN" "$PWD"; cat'
    const ran = await exec({ env, input: "in\nput\n" }, "--env", "TOKEN", "--cwd", own.machine.folder, "--", line)
    expect(ran).toEqual({ code: 0, stdout: `s3cret ${own.machine.folder} in\nput\n`, stderr: "" })
    expect((await exec({ input: "unread" }, "--no-stdin", "--", "cat; echo end")).stdout).toBe("end\n")
    expect(await exec({}, "--env", "NOWHERE", "--", "true")).toMatchObject({ code: exitCodes.usage.code })
  })

  test("ends while nobody types the end of the input", async () => {
    expect((await exec({ columns: 80 }, "--", "echo done")).stdout).toContain("done")
  })

  test("prints what comes while the command goes on, byte by byte as it is", async () => {
    expect((await exec({}, "--", "printf 'a\\033[31mb\\rc\\n'")).stdout).toBe("a\u001b[31mb\rc\n")
    const { stdout, code } = await exec({}, "--", "head -c 3000000 /dev/zero | tr '\\0' x")
    expect([stdout.length, code]).toEqual([3_000_000, 0])
  })

  test("ends the command with all that it started at Ctrl-C", { timeout: 240_000 }, async () => {
    const abort = new AbortController()
    const pids = join(own.machine.folder, "pids")
    const running = exec(
      { signal: abort.signal },
      "--",
      `sh -c 'echo $$ >> ${pids}; sleep 600' & echo $$ >> ${pids}; wait`
    )
    const written = () => {
      try {
        return readFileSync(pids, "utf8").trim().split("\n").map(Number)
      } catch {
        return []
      }
    }
    while (written().length < 2) await setTimeout(20)
    abort.abort(new DOMException("Interrupted.", "AbortError"))
    expect((await running).code).toBe(exitCodes.interrupted.code)
    expect(written().filter(isAlive)).toEqual([])
  })

  test("ends it when its time is over, and says so", { timeout: 240_000 }, async () => {
    const ran = await exec({}, "--timeout", "1s", "--", "echo begun; sleep 600")
    expect(ran).toMatchObject({ code: exitCodes.time.code, stdout: "begun\n" })
    expect(ran.stderr).toContain("was ended")
  })

  test("says that the connection was lost, and no code of the command", { timeout: 240_000 }, async () => {
    const running = exec({}, "--", `touch ${own.machine.folder}/begun; sleep 600`)
    const begun = join(own.machine.folder, "begun")
    while (!existsSync(begun)) await setTimeout(20)
    await own.machine.cut()
    expect(await running).toMatchObject({
      code: exitCodes.network.code,
      stderr: expect.stringContaining("ended before")
    })
  })

  test("prints JSON with the ends of its outputs", async () => {
    const ran = await exec({ input: "hello" }, "--json", "--", "cat; echo no >&2; exit 3")
    expect(ran.code).toBe(3)
    expect(execShape.strict().parse(JSON.parse(ran.stdout))).toEqual({
      ...{
        ref: expect.stringMatching(/^vast/),
        code: 3,
        signal: null,
        timedOut: false,
        stdout: "hello",
        stderr: "no\n"
      },
      leftOut: { stdout: 0, stderr: 0 }
    })
  })

  test("refuses what cannot be, each by its own code", async () => {
    const nobody = await own.clouds.runWith({ ssh: own.machine.ssh }, "exec", "nobody", "--", "true")
    expect(nobody.code).toBe(exitCodes.missing.code)
    expect((await exec({}, "-i", "/no/such/key", "--", "true")).code).toBe(exitCodes.usage.code)
    const refused = await exec({ ssh: { ...own.machine.ssh, key: own.machine.otherKey } }, "--", "true")
    expect(refused.code).toBe(exitCodes.login.code)
    const none = await exec({ ssh: { ...own.machine.ssh, port: 1 } }, "--", "true")
    expect(none.code).toBe(exitCodes.network.code)
    expect((await exec({})).code).toBe(exitCodes.usage.code)
  })
})

test("says of a machine that is stopped how it is started, before anybody logs in", async () => {
  using clouds = simulatedClouds()
  const { ref } = await clouds.rent("trainer")
  await clouds.run("stop", "trainer", "--yes")
  await clouds.clock.sleep(120_000)
  const ran = await clouds.run("exec", "trainer", "--", "true")
  expect(ran).toMatchObject({ code: exitCodes.state.code, stderr: expect.stringContaining(`anygpu start ${ref}`) })
})

test("leads to a simulated machine on this computer alone, which lets in the keys of its launch", async () => {
  using clouds = simulatedClouds()
  const sim = ["--sim-state", `${clouds.folder}/sim.db`]
  const env = { ANYGPU_SIM_SPEED: "3600" }
  const argv = ["launch", "rtx 4090", "--cloud", "vast", "--image", "a/b", "--name", "trainer", "--no-ssh-key", "--yes"]
  expect((await clouds.runWith({ env }, ...sim, ...argv)).code).toBe(0)
  const ran = await clouds.runWith({ env, ssh: { agent: false } }, ...sim, "exec", "trainer", "--", "true")
  expect(ran.stderr).toMatch(/127\.0\.0\.1/)
  expect(ran.code).not.toBe(0)
})
