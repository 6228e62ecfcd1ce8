import { exitCodes } from "@anygpu/operations/failure"
import { errorShape, machineShape } from "@anygpu/operations/protocol"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { launchShape } from "../json/launch.ts"
import { simulatedClouds } from "../testing/clouds.ts"

type Clouds = ReturnType<typeof simulatedClouds>

const order = ["launch", "--min-vram", "24GB", "--count", "1", "--for", "3h", "--no-ssh-key", "--yes"]
const onVast = [...order, "--cloud", "vast", "--max-total", "50"]
const machinesOf = ({ simulators }: Clouds) => Object.values(simulators).flatMap((simulator) => simulator.truth())

describe("a mistyped image", () => {
  test("rents one machine, which is ended, and says why in the cloud's words and what it cost", async () => {
    using clouds = simulatedClouds()
    const { code, stderr, stdout } = await clouds.run(...onVast, "--image", "pytorch/pytorch:missing-tag")
    expect(code).toBe(exitCodes.usage.code)
    expect(machinesOf(clouds).map(({ isAlive }) => isAlive)).toEqual([false])
    expect(stderr).toMatch(/image: there is no such image, or no such tag of it; vast says: Error response from daemon/)
    expect(stderr).toMatch(/It was ended: it cost \$0\.0/)
    expect(stderr).not.toMatch(/still cost|still there|terminate it/)
    expect(stdout).toBe("")
  })

  test("the limit of a quote is for its own call, also under a key that has spent something", async () => {
    using clouds = simulatedClouds()
    const listed = await clouds.run("offers", "--cloud", "vast", "--kind", "container", "--json")
    const { offers } = z.object({ offers: z.array(z.object({ ref: z.string() })) }).parse(JSON.parse(listed.stdout))
    const argv = ["launch", "--offer", offers[0]?.ref ?? "", "--image", "pytorch/pytorch:missing-tag", "--for", "3h"]
    for (const call of [1, 2, 3]) {
      const { code } = await clouds.run(...argv, "--key", "k", "--name", "job", "--no-ssh-key", "--yes")
      expect([call, code]).toEqual([call, exitCodes.usage.code])
    }
    expect(machinesOf(clouds).map(({ isAlive }) => isAlive)).toEqual([false, false, false])
  })

  test("the same in JSON, with how far each try reaches and what it cost", async () => {
    using clouds = simulatedClouds()
    const { stderr } = await clouds.run(...onVast, "--image", "pytorch/pytorch:missing-tag", "--json")
    const error = errorShape.parse(JSON.parse(stderr.trim().split("\n").at(-1) ?? "").error)
    expect(error).toMatchObject({ tag: "InvalidRequest", issues: [{ path: "image" }] })
    expect(error.trail).toMatchObject([{ outcome: "stopped", reach: "everywhere", spent: { currency: "USD" } }])
    expect(Number(error.trail?.[0]?.spent?.amount)).toBeGreaterThan(0)
    expect(error.leftovers).toBeUndefined()
  })

  test("show quotes the cloud's words about a machine that is kept, without secrets", async () => {
    using clouds = simulatedClouds()
    const words = "Error response from daemon: manifest unknown; run with -e HF_TOKEN=hf_1234"
    clouds.simulators.vast.breakImage("me/train:1", words)
    await clouds.run(...onVast, "--image", "me/train:1", "--no-wait", "--name", "trainer")
    await clouds.clock.sleep(300_000)
    const { stdout } = await clouds.run("show", "trainer")
    expect(stdout).toMatch(/\nstatus +failed \(invalid-request\)\n/)
    expect(stdout).toMatch(/\nit says +Error response from daemon: manifest unknown; run with -e HF_TOKEN=<redacted>\n/)
    const { said } = machineShape.parse(JSON.parse((await clouds.run("show", "trainer", "--json")).stdout))
    expect(said).not.toContain("hf_1234")
  })
})

test("a host that cannot boot is passed over, and its cost is reported", async () => {
  using clouds = simulatedClouds()
  const { vast } = clouds.simulators
  let failed = 0
  vast.onRequest(({ method, path }) => {
    const [, id] = /^\/api\/v0\/instances\/(\d+)\/$/.exec(path) ?? []
    if (method !== "GET" || id === undefined || failed > 0) return
    failed += 1
    vast.failBoot(Number(id))
  })
  const { code, stdout } = await clouds.run(...onVast, "--image", "pytorch/pytorch", "--json")
  expect(code).toBe(exitCodes.done.code)
  const { trail, spent } = launchShape.parse(JSON.parse(stdout))
  expect(trail.map(({ outcome, reach }) => [outcome, reach])).toEqual([
    ["not-ready", "here"],
    ["ready", null]
  ])
  expect(spent).toEqual([trail[0]?.spent])
  expect(trail[0]?.error?.message).toContain("CDI devices")
  failed = 0
  expect((await clouds.run(...onVast, "--image", "pytorch/pytorch")).stderr).toContain(
    "what was tried before it cost $"
  )
})

test("a batch job without ports and ssh is ready when it runs, on the first machine", async () => {
  using clouds = simulatedClouds()
  const { code } = await clouds.run(...onVast, "--image", "me/batch", "--command", "python train.py")
  expect(code).toBe(exitCodes.done.code)
  expect(machinesOf(clouds)).toHaveLength(1)
})
describe("a cloud whose account is empty", () => {
  const image = ["--image", "pytorch/pytorch", "--port", "22", "--kind", "container", "--max-total", "50"]
  const poor = () => {
    const clouds = simulatedClouds()
    clouds.simulators.vast.addCredit(-25)
    return clouds
  }

  test("stops the launch", async () => {
    using clouds = poor()
    expect((await clouds.run(...order, ...image)).code).toBe(exitCodes.funds.code)
    expect(machinesOf(clouds)).toEqual([])
  })

  test("is left for another one with --on-cloud-trouble next, and said at the end", async () => {
    using clouds = poor()
    clouds.simulators.fluence.addCredit(500)
    const { code, stdout, stderr } = await clouds.run(...order, ...image, "--on-cloud-trouble", "next")
    expect([code, stderr]).toEqual([exitCodes.done.code, expect.stringContaining("vast was left out: ")])
    expect(stdout).toMatch(/^machine +fluence\/container\//)
    expect(stderr).toContain("add credit to the Vast account")
  })
})
