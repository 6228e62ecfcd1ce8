import { chmodSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { stripVTControlCharacters } from "node:util"
import { exitCodes } from "@anygpu/operations/failure"
import { verifiedShape } from "@anygpu/operations/protocol"
import { createClock } from "@anygpu/simulators"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"
import { sshMachine, withoutSshd } from "../testing/machine.ts"
import { rentedTrainer } from "../testing/trainer.ts"

const gpu = (name: string, memoryMiB: number) =>
  `<gpu><product_name>${name}</product_name><fb_memory_usage><total>${memoryMiB} MiB</total></fb_memory_usage></gpu>`

const answerOf = (name: string, memoryMiB: number, count: number): string =>
  `<?xml version="1.0" ?><nvidia_smi_log><driver_version>590.44.01</driver_version><attached_gpus>${count}` +
  `</attached_gpus>${gpu(name, memoryMiB).repeat(count)}</nvidia_smi_log>`

describe.skipIf(withoutSshd)("anygpu verify", () => {
  const own = rentedTrainer()

  const install = (answer: string) => {
    const path = join(own.machine.folder, "bin", "nvidia-smi")
    writeFileSync(path, `#!/bin/sh\n[ "$1" = -q ] && echo '${answer}'\n`)
    chmodSync(path, 0o755)
  }
  const run = (...argv: ReadonlyArray<string>) => own.clouds.runWith({ ssh: own.machine.ssh, columns: 200 }, ...argv)
  const offered = async () => {
    const { stdout } = await run("show", "trainer", "--json")
    return JSON.parse(stdout).gpu as { model: string; count: number; vramMiB: number }
  }

  test("shows a table, says what is wrong, and ends with a code of its own", async () => {
    const { model, count } = await offered()
    install(answerOf("NVIDIA GeForce RTX 3060", 12_288, count))
    const { code, stdout: painted, stderr } = await run("verify", "trainer")
    const stdout = stripVTControlCharacters(painted)
    expect(code).toBe(exitCodes.unwell.code)
    expect(stdout).toMatch(/^OF +IS +OFFERED +FOUND$/m)
    expect(stdout).toMatch(new RegExp(`^gpu-count +ok +${count} GPUs? +${count} GPUs?$`, "m"))
    expect(stdout).toMatch(new RegExp(`^gpu-model +wrong +${model} +NVIDIA GeForce RTX 3060$`, "m"))
    expect(stdout).toMatch(/^gpu-memory +wrong +[\d.]+ GiB +12 GiB$/m)
    expect(stderr).toContain(`wrong: The offer is for ${model}, and the machine has NVIDIA GeForce RTX 3060`)
    expect(stderr).toContain("unknown: The driver does not report the limit of power")
  })

  test("writes JSON, and measures what is asked for", async () => {
    const { model, count, vramMiB } = await offered()
    install(answerOf(`NVIDIA ${model}`, vramMiB, count))
    const { stdout, code } = await run("verify", "trainer", "--json", "--write", "8MB")
    const { ref, verification } = verifiedShape.strict().parse(JSON.parse(stdout))
    const verdictOf = (subject: string) => verification.checks.find((check) => check.subject === subject)?.verdict
    expect(ref).toMatch(/^vast\//)
    expect(["gpu-count", "gpu-model", "gpu-memory"].map(verdictOf)).toEqual(["ok", "ok", "ok"])
    expect(verdictOf("disk-speed")).toBeDefined()
    expect(code).toBe(verification.outcome === "as-offered" ? 0 : exitCodes.unwell.code)
  })

  test("refuses what cannot be before it logs in", async () => {
    const refused = await run("verify", "trainer", "--url", "file:///etc/passwd")
    expect(refused).toMatchObject({ code: exitCodes.usage.code, stdout: "" })
    expect((await run("verify", "nobody")).code).toBe(exitCodes.missing.code)
  })
})

describe.skipIf(withoutSshd)("anygpu launch --verify", () => {
  test("ends machines that are not what was offered, as many as it may rent", async () => {
    await using machine = await sshMachine()
    const path = join(machine.folder, "bin", "nvidia-smi")
    writeFileSync(path, "#!/bin/sh\necho 'No devices were found'\nexit 6\n")
    chmodSync(path, 0o755)
    // A login takes real time: virtual time must not jump over it.
    using clouds = simulatedClouds(createClock({ mode: { speed: 100 } }))
    const file = join(clouds.folder, "id.pub")
    writeFileSync(file, readFileSync(`${machine.ssh?.key}.pub`))
    const order = ["launch", "h100", "--cloud", "vast", "--image", "pytorch/pytorch", "--for", "3h", "--yes"]
    const more = ["--verify", "--ssh-key", file, "--answer-within", "30m"]
    const { code, stderr } = await clouds.runWith({ ssh: machine.ssh }, ...order, ...more)
    expect(code).toBe(exitCodes.capacity.code)
    expect(stderr).toMatch(/None of \d+ offers could be had \(\d+ not-as-offered\)/)
    expect(stderr).toMatch(/asking vast\/container\/\d+ what it is/)
    expect(stderr).toMatch(/is not what was offered: The machine shows no GPU: No devices were found.*It was ended/)
    expect(clouds.simulators.vast.truth().filter(({ isAlive }) => isAlive)).toEqual([])
  }, 240_000)

  test("needs a machine that is ready", async () => {
    using clouds = simulatedClouds()
    const { code, stderr } = await clouds.run("launch", "h100", "--image", "a", "--verify", "--no-wait", "--yes")
    expect(code).toBe(exitCodes.usage.code)
    expect(stderr).toContain("--verify asks a machine that is ready: leave out --no-wait")
  })
})
