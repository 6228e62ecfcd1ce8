import { execFileSync } from "node:child_process"
import { join } from "node:path"
import { exitCodes } from "@anygpu/operations/failure"
import { launchedShape, verifiedShape } from "@anygpu/operations/protocol"
import { createClock } from "@anygpu/simulators"
import type { Hardware } from "@anygpu/simulators/kit"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

/** What the machines are in place of what was rented, in the order in which they are made; the last one stays. */
const truths = (...all: ReadonlyArray<(rented: Hardware) => Hardware>) => {
  const ids: string[] = []
  return (rented: Hardware, id: string): Hardware => {
    if (!ids.includes(id)) ids.push(id)
    return all[Math.min(ids.indexOf(id), all.length - 1)]?.(rented) ?? rented
  }
}

const honest = (rented: Hardware): Hardware => rented
const withGpus =
  (change: (gpu: Hardware["gpus"][number]) => Partial<Hardware["gpus"][number]>) => (rented: Hardware) => ({
    ...rented,
    gpus: rented.gpus.map((gpu) => ({ ...gpu, ...change(gpu) }))
  })

/** What a command answered in JSON; fails with what it said where it answered nothing. */
const answerOf = ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): unknown => {
  if (stdout === "") throw new Error(stderr)
  return JSON.parse(stdout)
}

/** Simulated clouds whose machines let a key in, and a command that has it. */
const world = (hardware: (rented: Hardware, id: string) => Hardware) => {
  // A login takes real time: virtual time must not jump over it.
  const clouds = simulatedClouds(createClock({ mode: { speed: 100 } }), { ssh: { hardware } })
  const key = join(clouds.folder, "id_ed25519")
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", key])
  // Time goes so fast that a busy computer would seem to be a cloud that does not answer.
  const run = (...argv: ReadonlyArray<string>) =>
    clouds.runWith({ ssh: { key, agent: false } }, "--answer-within", "30m", ...argv)
  const order = ["launch", "RTX 4090", "--cloud", "vast", "--image", "ubuntu:24.04", "--for", "3h", "--name", "trainer"]
  return {
    run,
    launch: (...more: ReadonlyArray<string>) =>
      run(...order, "--ssh-key", `${key}.pub`, "--max-total", "50", "--verify", "--yes", "--json", ...more),
    machines: () => clouds.simulators.vast.ssh.all(),
    alive: () => clouds.simulators.vast.truth().filter(({ isAlive }) => isAlive).length,
    [Symbol.asyncDispose]: async () => {
      await clouds.simulators.vast.ssh.close()
      clouds[Symbol.dispose]()
    }
  }
}

describe("on simulated clouds whose machines have an sshd", () => {
  test("a machine that is what was offered is kept, and anygpu verify says so", async () => {
    await using clouds = world(honest)
    const launched = await clouds.launch()
    expect(launchedShape.parse(answerOf(launched)).verification?.outcome).toBe("as-offered")
    expect([launched.code, clouds.alive()]).toEqual([0, 1])
    const later = await clouds.run("verify", "trainer", "--json")
    const { verification } = verifiedShape.parse(answerOf(later))
    const others = verification.checks.filter(({ verdict }) => verdict !== "ok")
    // A GeForce counts no errors of its memory.
    expect([later.code, others.map(({ subject, verdict }) => `${subject} ${verdict}`)]).toEqual([
      0,
      ["gpu-health unknown"]
    ])
  }, 240_000)

  test.each([
    [
      "no GPU",
      (rented: Hardware) => ({ ...rented, gpus: rented.gpus.slice(1) }),
      "The driver of the GPUs does not work"
    ],
    ["another GPU", withGpus(() => ({ name: "NVIDIA GeForce RTX 3060", memoryMiB: 12_288 })), "RTX 3060"],
    ["half the cores", (rented: Hardware) => ({ ...rented, cores: Math.floor(rented.cores / 2) }), "cores"],
    [
      "an eighth of the memory",
      (rented: Hardware) => ({ ...rented, memoryMiB: Math.floor(rented.memoryMiB / 8) }),
      "of memory"
    ]
  ])(
    "one with %s is ended, and the next is taken",
    async (_, lie, said) => {
      await using clouds = world(truths(lie, honest))
      const launched = await clouds.launch()
      const { trail, verification } = launchedShape.parse(answerOf(launched))
      expect(trail.map(({ outcome }) => outcome)).toEqual(["not-as-offered", "ready"])
      expect(trail[0]?.error?.message).toContain(said)
      expect([launched.code, verification?.outcome, clouds.alive()]).toEqual([0, "as-offered", 1])
    },
    60_000
  )

  test("one that changes later is found by anygpu verify", async () => {
    await using clouds = world(honest)
    answerOf(await clouds.launch())
    const [machine] = clouds.machines()
    machine?.change(withGpus(() => ({ isThrottled: true })))
    const hot = await clouds.run("verify", "trainer")
    expect(hot.code).toBe(0)
    expect(hot.stderr).toContain("slow: A GPU is slower than it could be: it is too hot")
    machine?.change(withGpus(() => ({ hasEcc: true, uncorrected: 3 })))
    const broken = await clouds.run("verify", "trainer")
    expect(broken.code).toBe(exitCodes.unwell.code)
    expect(broken.stderr).toContain("faulty: ")
  }, 240_000)
})
