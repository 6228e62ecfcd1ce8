import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { exitCodes } from "@anygpu/operations/failure"
import { sshShape } from "@anygpu/operations/protocol"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

/** An `ssh` that writes down how it was called, and ends with 7. */
const fakeSsh = ({ folder }: { readonly folder: string }) => {
  const bin = join(folder, "bin")
  mkdirSync(bin)
  const called = join(folder, "called")
  writeFileSync(join(bin, "ssh"), `#!/bin/sh\nprintf '%s\\n' "$@" > "${called}"\nexit 7\n`)
  chmodSync(join(bin, "ssh"), 0o755)
  return { env: { PATH: `${bin}:/usr/bin:/bin` }, called: () => readFileSync(called, "utf8").trimEnd().split("\n") }
}

describe("anygpu ssh", () => {
  test("runs the real ssh with host, port, user, key and command, and answers its exit code", async () => {
    using clouds = simulatedClouds()
    const { endpoints } = await clouds.rent("trainer")
    const [endpoint] = endpoints.ssh
    const { env, called } = fakeSsh(clouds)
    const ran = await clouds.runWith({ env }, "ssh", "trainer", "-i", "my key", "--", "nvidia-smi", "-q", "--json")
    expect(ran).toEqual({ code: 7, stdout: "", stderr: "" })
    const login = ["-p", String(endpoint?.port), `root@${endpoint?.host}`]
    expect(called()).toEqual(["-i", "my key", ...login, "nvidia-smi", "-q", "--json"])
    await clouds.runWith({ env }, "ssh", "trainer")
    expect(called()).toEqual(login)
  })

  test("prints what it would run, for people and for scripts", async () => {
    using clouds = simulatedClouds()
    const { ref, endpoints } = await clouds.rent("trainer")
    const [endpoint] = endpoints.ssh
    const { stdout } = await clouds.run("ssh", "trainer", "--print", "-i", "a key", "--", "ls", "a*")
    expect(stdout).toBe(`ssh -i 'a key' -p ${endpoint?.port} root@${endpoint?.host} ls 'a*'\n`)
    const json = sshShape.strict().parse(JSON.parse((await clouds.run("ssh", "trainer", "--json")).stdout))
    expect(json).toEqual({
      ...{ ref: String(ref), host: endpoint?.host, port: endpoint?.port, user: "root" },
      command: endpoint?.command
    })
  })

  test("says that there is no way in yet, and waits for one with --wait", async () => {
    using clouds = simulatedClouds()
    const { vast } = clouds.simulators
    vast.fault({ on: { path: /nothing/ }, do: { kind: "reset-before" } })
    const argv = ["launch", "rtx 4090", "--cloud", "vast", "--image", "a/b", "--name", "new", "--no-wait", "--yes"]
    const launched = JSON.parse((await clouds.run(...argv, "--json")).stdout).machine
    expect(launched.status).not.toBe("running")
    const waited = await clouds.run("ssh", launched.ref, "--wait", "--print")
    expect(waited).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ssh -p \d+ root@/) })
    await clouds.run("stop", launched.ref, "--yes")
    await clouds.clock.sleep(120_000)
    const stopped = await clouds.run("ssh", launched.ref, "--wait")
    expect(stopped.code).not.toBe(0)
    expect(stopped.stderr).toContain("stopped")
  })

  test("says when there is no ssh here, and when there is no such machine", async () => {
    using clouds = simulatedClouds()
    await clouds.rent("trainer")
    const none = await clouds.runWith({ env: { PATH: clouds.folder } }, "ssh", "trainer")
    expect(none.code).toBe(exitCodes.usage.code)
    expect(none.stderr).toContain("install OpenSSH")
    expect((await clouds.run("ssh", "nobody")).code).toBe(exitCodes.missing.code)
  })
})
