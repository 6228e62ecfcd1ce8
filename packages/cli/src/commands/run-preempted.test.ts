import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createClock, simulators } from "@anygpu/simulators"
import { type RunEvent, ssh } from "@anygpu/ssh"
import { fetchTransport, vast } from "@anygpu/vast"
import { createGpu, money } from "anygpu"
import { expect, test } from "vitest"

test("a training whose machine is taken goes on on another one, from its checkpoint", {
  timeout: 240_000
}, async () => {
  // A login takes real time, which virtual time must not jump over.
  const clock = createClock({ mode: { speed: 100 } })
  const cloud = simulators.vast({ clock, ssh: true })
  const folder = mkdtempSync(join(tmpdir(), "anygpu-preempted-"))
  const key = join(folder, "id")
  try {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key])
    const gpu = createGpu({
      clouds: [vast({ apiKey: cloud.apiKey, transport: fetchTransport(cloud.fetch) })],
      ...{ clock, ssh: ssh({ key, agent: false }) }
    })
    const events: RunEvent[] = []
    let output = ""
    const outcome = await gpu.run({
      command: "train --steps 14 --step-seconds 100 --every 8 --checkpoint ckpt --out out",
      job: { duration: "9 hours" },
      candidates: { gpu: "RTX 4090", kind: "container", interruptible: true },
      workload: { image: "a/b", bid: money("2"), sshKeys: [readFileSync(`${key}.pub`, "utf8")] },
      limits: { maxTotal: money(40) },
      retry: 1,
      checkpoint: { folder: "ckpt", every: "1 second", store: join(folder, "store") },
      download: { globs: "out/**", to: folder },
      onEvent: (event) => {
        if (event.type === "output") output += Buffer.from(event.bytes)
        else events.push(event)
        if (event.type !== "checkpoint" || event.attempt !== 1) return
        for (const { id } of cloud.truth()) cloud.preempt(Number(id))
      }
    })
    expect(outcome).toMatchObject({
      end: "exited",
      code: 0,
      machine: null,
      attempts: [{ end: "lost" }, { end: "exited" }]
    })
    const [first, second] = outcome.attempts
    expect(second?.ref).not.toBe(first?.ref)
    expect(first?.note).toMatch(/its cloud says that it is (interrupted|stopped)/)
    expect(events).toContainEqual(expect.objectContaining({ type: "restored", attempt: 2 }))
    expect(output).toMatch(/^training on[\s\S]*resuming from step 8[\s\S]*step 14\/14[\s\S]*done\n$/)
    expect(JSON.parse(readFileSync(join(folder, "out/result.json"), "utf8"))).toMatchObject({ steps: 14 })
    expect(cloud.truth().filter(({ isAlive }) => isAlive)).toEqual([])
  } finally {
    await cloud.ssh.close()
    clock.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
