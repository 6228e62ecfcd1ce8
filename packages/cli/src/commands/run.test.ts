import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { runShape, runsShape } from "@anygpu/operations/protocol"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"
import { sshMachine, withoutSshd } from "../testing/machine.ts"

describe.skipIf(withoutSshd)("anygpu run", () => {
  let machine: Awaited<ReturnType<typeof sshMachine>>
  let clouds: ReturnType<typeof simulatedClouds>
  let home: string
  beforeAll(async () => {
    machine = await sshMachine()
    clouds = simulatedClouds()
    home = mkdtempSync(join(tmpdir(), "anygpu-run-"))
  }, 240_000)
  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]()
    clouds?.[Symbol.dispose]()
    rmSync(home, { recursive: true, force: true })
  })
  const call = (...argv: ReadonlyArray<string>) => clouds.runWith({ ssh: machine.ssh }, ...argv)
  const rented = ["--gpu", "RTX 4090", "--image", "ubuntu:24.04", "--for", "1h", "--no-verify", "--yes"]

  test("ends with the command's code, its results at home and its machine ended", async () => {
    mkdirSync(join(home, "code"))
    writeFileSync(join(home, "code", "train.sh"), "echo hello; echo oops >&2; mkdir out; echo model > out/m; exit 5")
    const files = ["--upload", join(home, "code"), "--download", "out/**", "--to", join(home, "results")]
    const cwd = ["--cwd", join(home, "there")]
    const done = await call("run", ...rented, "--key", "one", ...files, ...cwd, "--", "sh", "train.sh")
    expect(done).toMatchObject({ code: 5, stdout: "hello\n" })
    expect(done.stderr).toContain("oops\n")
    expect(done.stderr).toMatch(/is ended, verified[\s\S]*run one ended with 5, for .* results in/)
    expect(readFileSync(join(home, "results", "out", "m"), "utf8")).toBe("model\n")
    expect((await call("list")).stdout).not.toContain("run-one")
  }, 240_000)

  test("is left with --detach, shown by jobs, and ended by stop-job", async () => {
    const detach = ["--detach", "--json", "--key", "two", "--cwd", join(home, "two")]
    const left = await call("run", ...rented, ...detach, "--", "echo begun > begun; sleep 63.5")
    expect(left.code).toBe(0)
    expect(runShape.parse(JSON.parse(left.stdout))).toMatchObject({ state: "open", key: "two" })
    const shown = runsShape.parse(JSON.parse((await call("jobs", "--open", "--json")).stdout))
    expect(shown.runs).toMatchObject([{ key: "two", attempts: [{ state: "running" }] }])
    expect((await call("jobs")).stdout).toMatch(/one +exited 5[\s\S]*two +running/)
    const stopped = await call("stop-job", "two")
    expect(stopped.code).toBe(0)
    expect(stopped.stderr).toMatch(/is ended, verified/)
    expect(existsSync(join(home, "two", "begun"))).toBe(true)
  }, 240_000)

  test("is stopped by its key where a machine could stand", async () => {
    await call("run", ...rented, "--detach", "--key", "three", "--", "sleep 64.5")
    const stopped = await call("stop", "three")
    expect(stopped).toMatchObject({ code: 0, stderr: expect.stringContaining("is ended, verified") })
  }, 240_000)

  test("offers are compared once, for the quote", async () => {
    const compared = () => clouds.simulators.fluence.requests().filter(({ path }) => path === "/gpu/plans/").length
    const before = compared()
    expect(await call("run", ...rented, "--", "echo once")).toMatchObject({ code: 0, stdout: "once\n" })
    expect(compared() - before).toBe(1)
  }, 240_000)

  test("says what is missing before anything is rented", async () => {
    expect(await call("run", "--gpu", "RTX 4090", "--image", "x", "--yes", "--", "true")).toMatchObject({
      stderr: expect.stringContaining("--for 3h")
    })
    expect((await call("attach", "nothing")).stderr).toContain('there is no run "nothing"')
  })
})

test("a run without a key says how to make one, and asks no cloud", async () => {
  using clouds = simulatedClouds()
  const argv = ["run", "--gpu", "RTX 4090", "--image", "ubuntu:24.04", "--for", "1h", "--yes", "--", "true"]
  const { code, stderr } = await clouds.run(...argv)
  expect(code).toBe(2)
  expect(stderr).toContain("ssh-keygen -t ed25519")
  expect(Object.values(clouds.simulators).flatMap((simulator) => simulator.requests())).toEqual([])
})

test("a run that no offer can take names options as they are written", async () => {
  using clouds = simulatedClouds()
  const file = join(clouds.folder, "key.pub")
  writeFileSync(file, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef me@laptop\n")
  const rented = ["--gpu", "RTX 4090", "--image", "ubuntu:24.04", "--for", "1h", "--ssh-key", file, "--yes"]
  const { code, stderr } = await clouds.run("run", ...rented, "--cloud", "vast", "--location", "FI", "--", "true")
  expect(code).toBe(2)
  expect(stderr).toMatch(/No offer that fits can run this launch: .*--location takes none/)
})
