import { execFileSync } from "node:child_process"
import { mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { runShape } from "@anygpu/operations/protocol"
import { createClock, simulators } from "@anygpu/simulators"
import { expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

test("a training runs on a simulated machine that is verified first, and its results come home", {
  timeout: 240_000
}, async () => {
  // A login takes real time, which virtual time must not jump over.
  const clouds = simulatedClouds(createClock({ mode: { speed: 100 } }))
  const { apiKey } = clouds.simulators.vast
  const vast = simulators.vast({ clock: clouds.clock, ssh: true, apiKey })
  const { folder } = clouds
  const key = join(folder, "id")
  try {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key])
    const options = { fetch: { ...clouds.fetch, vast: vast.fetch }, ssh: { key, agent: false as const } }
    mkdirSync(join(folder, "code"))
    writeFileSync(join(folder, "code/train.py"), "# the simulated machine runs its own training in its place")
    const rented = ["--gpu", "rtx 4090", "--cloud", "vast", "--image", "a/b", "--for", "3h", "--ssh-key", `${key}.pub`]
    const files = ["--upload", join(folder, "code"), "--download", "out/**", "--to", join(folder, "results")]
    const command = ["--", "python", "train.py", "--steps", "20", "--out", "out"]
    const ran = await clouds.runWith(options, "run", ...rented, ...files, "--key", "sim", "--yes", ...command)
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining("step") })
    expect(ran.stderr).toMatch(/asking vast\/container\/\d+ what it is[\s\S]*the command runs[\s\S]*is ended, verified/)
    expect(readdirSync(join(folder, "results/out"))).not.toEqual([])
    const again = await clouds.runWith(options, "attach", "sim", "--json")
    expect(runShape.parse(JSON.parse(again.stdout))).toMatchObject({ state: "over", end: "exited", machine: null })
  } finally {
    await vast.ssh.close()
    clouds[Symbol.dispose]()
  }
})
