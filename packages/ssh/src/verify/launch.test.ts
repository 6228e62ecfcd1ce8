import { chmodSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { memoryLedger } from "@anygpu/core"
import { memoryCloud } from "@anygpu/memory"
import { createClock } from "@anygpu/simulators"
import { createGpu } from "anygpu"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { ssh } from "../index.ts"
import { type Sshd, startSshd, withoutSshd } from "../testing/sshd.ts"

const answerOf = (name: string, memoryMiB: number): string =>
  `<?xml version="1.0" ?><nvidia_smi_log><attached_gpus>1</attached_gpus><gpu><product_name>${name}</product_name>` +
  `<fb_memory_usage><total>${memoryMiB} MiB</total></fb_memory_usage></gpu></nvidia_smi_log>`

describe.skipIf(withoutSshd)("a launch on a real sshd that verifies its machine", () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd()
  }, 240_000)
  afterAll(() => sshd?.stop())

  /** Lets the driver tell one answer first, and another one from then on. */
  const answer = (first: string, then: string) => {
    const path = join(sshd.folder, "bin", "nvidia-smi")
    const asked = join(sshd.folder, "asked")
    writeFileSync(
      path,
      `#!/bin/sh\n[ "$1" = -q ] || exit 2\nif mkdir ${asked} 2>/dev/null; then echo '${first}'; else echo '${then}'; fi\n`
    )
    chmodSync(path, 0o755)
  }

  test("ends one with another GPU, takes the next, and ranks its host down", async () => {
    answer(answerOf("NVIDIA GeForce RTX 3060", 12_288), answerOf("NVIDIA H100 80GB HBM3", 81_559))
    const offers = [
      { id: "a", gpu: "H100", perHour: "2" },
      { id: "b", gpu: "H100", perHour: "3" }
    ]
    const { host, port, user, key } = sshd
    const login = { host, port, user, key, agent: false } as const
    const clouds = [memoryCloud({ kind: "vm", offers })]
    const gpu = createGpu({ clouds, clock: createClock(), ledger: memoryLedger(), ssh: ssh(login) })
    const { instance, trail, verification } = await gpu.launch({
      ...{ name: "train", job: { duration: "1 hour" }, workload: { os: "ubuntu" } },
      verify: { only: ["gpu-count", "gpu-model", "gpu-memory"] }
    })
    expect(trail.map(({ offer, outcome }) => [offer.id, outcome])).toEqual([
      ["a", "not-as-offered"],
      ["b", "ready"]
    ])
    expect(trail[0]?.error?.message).toContain("The offer is for H100, and the machine has NVIDIA GeForce RTX 3060")
    expect(verification?.outcome).toBe("as-offered")
    const { items } = await gpu.list()
    expect(items.map(({ ref }) => String(ref))).toEqual([String(instance.ref)])
    const [worse] = [...(await gpu.compare({ job: { duration: "1 hour" } }))].filter(({ penalty }) => penalty > 0)
    expect(worse?.offer.id).toBe("a")
  })
})
