import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { exitCodes } from "@anygpu/operations/failure"
import { createClock } from "@anygpu/simulators"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"
import { sshMachine, withoutSshd } from "../testing/machine.ts"

const order = ["launch", "h100", "--cloud", "vast", "--image", "pytorch/pytorch", "--for", "3h", "--yes"]

describe.skipIf(withoutSshd)("anygpu launch, whose machine an sshd stands for", () => {
  let machine: Awaited<ReturnType<typeof sshMachine>>
  beforeAll(async () => {
    machine = await sshMachine()
  }, 240_000)
  afterAll(() => machine?.[Symbol.asyncDispose]())

  /** A launch with the public half of a key, that logs in with its private one. */
  const launch = async (key: string, ...more: ReadonlyArray<string>) => {
    // A login takes real time: virtual time must not jump over it.
    using clouds = simulatedClouds(createClock({ mode: { speed: 100 } }))
    const file = join(clouds.folder, "id.pub")
    writeFileSync(file, readFileSync(`${key}.pub`))
    const ran = await clouds.runWith(
      { ssh: { ...machine.ssh, key, within: "5 seconds" } },
      ...order,
      "--ssh-key",
      file,
      ...more
    )
    return { ...ran, alive: clouds.simulators.vast.truth().filter(({ isAlive }) => isAlive).length }
  }

  test("waits until somebody is let in", async () => {
    const { code, stderr, alive } = await launch(String(machine.ssh?.key))
    expect([code, alive]).toEqual([0, 1])
    expect(stderr).toMatch(/^logging in to vast\/container\/\d+$/m)
  })

  test("ends a machine that lets nobody in, and says which key it was", async () => {
    const { code, stderr, alive } = await launch(machine.otherKey)
    expect(alive).toBe(0)
    expect(code).not.toBe(0)
    expect(stderr).toContain(`lets ${machine.ssh?.user} in with none of these keys: ${machine.otherKey}`)
    expect(stderr).toContain("It was ended")
    expect(code).not.toBe(exitCodes.leftovers.code)
  })

  test("does not try it with --no-login-check", async () => {
    const { code, stderr, alive } = await launch(machine.otherKey, "--no-login-check")
    expect([code, alive]).toEqual([0, 1])
    expect(stderr).not.toContain("logging in")
  })
})
