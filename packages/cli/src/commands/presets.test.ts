import { chmodSync, writeFileSync } from "node:fs"
import { exitCodes } from "@anygpu/operations/failure"
import { presetListShape } from "@anygpu/operations/protocol"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

const train = {
  gpu: "RTX 4090",
  image: "me/train:1",
  disk: "100GB",
  env: ["HF_TOKEN", "MODE"],
  ports: [8888, "6006/http"],
  ttl: "4h"
}

/** Clouds, and a config file with these presets. */
const withPresets = (presets: object) => {
  const clouds = simulatedClouds()
  writeFileSync(clouds.env.ANYGPU_CONFIG, JSON.stringify({ presets }), { mode: 0o600 })
  chmodSync(clouds.env.ANYGPU_CONFIG, 0o600)
  return clouds
}

/** The body of the request that rented a machine on Vast. */
const rented = ({ simulators }: ReturnType<typeof simulatedClouds>) =>
  JSON.stringify(simulators.vast.requests().findLast(({ path }) => /\/asks\//.test(path))?.body)

describe("anygpu --preset", () => {
  const env = { HF_TOKEN: "s3cret", MODE: "fast" }

  test("launches what a preset says", async () => {
    using clouds = withPresets({ train })
    const argv = ["launch", "--preset", "train", "--cloud", "vast", "--yes", "--no-ssh-key", "--no-wait", "--json"]
    const ran = await clouds.runWith({ env }, ...argv)
    expect(ran).toMatchObject({ code: 0 })
    const { quote } = JSON.parse(ran.stdout)
    expect(quote).toMatchObject({
      offer: { gpu: { model: "RTX 4090" } },
      ttlSeconds: 4 * 3600,
      job: { storageMiB: 102_400 }
    })
    expect(rented(clouds)).toContain("me/train:1")
    for (const part of ["HF_TOKEN", "s3cret", "8888", "6006"]) expect(rented(clouds)).toContain(part)
    expect(ran.stdout + ran.stderr).not.toContain("s3cret")
  })

  test("what is written goes before it; variables are added", async () => {
    using clouds = withPresets({ train })
    const options = ["--image", "me/other", "--port", "1234", "--env", "MODE=slow", "--env", "MORE=1"]
    const argv = ["launch", "rtx 3090", "--preset", "train", "--cloud", "vast", "--yes", "--no-ssh-key", "--no-wait"]
    const ran = await clouds.runWith({ env }, ...argv, ...options, "--json")
    expect(JSON.parse(ran.stdout).quote.offer.gpu.model).toBe("RTX 3090")
    for (const part of ["me/other", "1234", "slow", "MORE", "s3cret"]) expect(rented(clouds)).toContain(part)
    for (const part of ["me/train", "8888", "fast"]) expect(rented(clouds)).not.toContain(part)
  })

  test("a named offer takes the place of what chooses one", async () => {
    using clouds = withPresets({ train: { ...train, country: "FI", minReliability: 99, env: [] } })
    const [offer] = JSON.parse((await clouds.run("offers", "rtx 3090", "--cloud", "vast", "--json")).stdout).offers
    const argv = ["launch", `${offer.provider}/${offer.kind}/${offer.id}`, "--preset", "train"]
    const ran = await clouds.run(...argv, "--yes", "--no-ssh-key", "--no-wait", "--json")
    expect(JSON.parse(ran.stdout).quote.offer.id).toBe(offer.id)
  })

  test("compares what it chooses, with its disk and its limits", async () => {
    using clouds = withPresets({ train: { ...train, for: "2h", maxTotal: 100 } })
    const { code, stdout } = await clouds.run("compare", "--preset", "train", "--json")
    expect(code).toBe(0)
    const { job, candidates } = JSON.parse(stdout)
    expect(job).toMatchObject({ seconds: 7200, storageMiB: 102_400 })
    expect(new Set(candidates.map((one: { offer: { gpu: { model: string } } }) => one.offer.gpu.model))).toEqual(
      new Set(["RTX 4090"])
    )
  })

  test("refuses a name that none has, a variable without a value here, and a value that means nothing", async () => {
    using clouds = withPresets({ train, odd: { disk: "much" } })
    const launch = (name: string) => clouds.run("launch", "--preset", name, "--yes")
    const stranger = await launch("trian")
    expect(stranger).toMatchObject({ code: exitCodes.usage.code, stderr: expect.stringContaining("train, odd") })
    expect(await launch("toString")).toMatchObject({ code: exitCodes.usage.code })
    expect((await launch("train")).stderr).toContain("HF_TOKEN has no value here")
    expect((await launch("odd")).stderr).toContain('presets.odd.disk: "much" is not a size')
    expect(clouds.simulators.vast.requests()).toEqual([])
  })
})

describe("anygpu presets", () => {
  test("lists them as the options that they stand for", async () => {
    using clouds = withPresets({ train, spot: { gpu: ["H100", "A100"], interruptible: true, bid: 1.5 } })
    expect((await clouds.runWith({ columns: 80 }, "presets")).stdout).toMatchInlineSnapshot(`
      "[2mtrain  [22m--gpu 'RTX 4090'
             --disk 100GB
             --ttl 4h
             --image me/train:1
             --env HF_TOKEN
             --env MODE
             --port 8888
             --port 6006/http
      [2mspot   [22m--gpu H100
             --gpu A100
             --interruptible
             --bid 1.5
      "
    `)
    const { stdout } = await clouds.run("presets", "spot", "--json")
    expect(presetListShape.strict().parse(JSON.parse(stdout)).presets).toEqual([
      { name: "spot", fields: { gpu: ["H100", "A100"], interruptible: true, bid: "1.5" }, flaws: [] }
    ])
  })

  test("says that the file has no presets, and which name is unknown", async () => {
    using clouds = simulatedClouds()
    expect((await clouds.run("presets")).stdout).toContain(`no presets: ${clouds.env.ANYGPU_CONFIG}`)
    expect(await clouds.run("presets", "train")).toMatchObject({ code: exitCodes.usage.code })
  })

  test("warns of values that mean nothing", async () => {
    using clouds = withPresets({ odd: { disk: "much", kind: "boat", for: "3h" } })
    const { code, stderr } = await clouds.run("presets")
    expect(code).toBe(exitCodes.usage.code)
    expect(stderr).toContain('presets.odd.disk: "much" is not a size')
    expect(stderr).toContain('presets.odd.kind: unknown value "boat"; expected container')
  })

  test.each([
    [{ train: { gpus: "H100" } }, "presets.train has no field gpus: those of a preset are gpu,"],
    [{ train: { env: ["A=1"] } }, "presets.train.env.0 is not what it should be"],
    [{ train: { env: { A: "1" } } }, "presets.train.env is not what it should be"],
    [{ "a b": {} }, "presets.a b is not what it should be"],
    [{ train: { interruptible: "yes" } }, "presets.train.interruptible is not what it should be"]
  ])("refuses a config file with %j", async (presets, text) => {
    using clouds = withPresets(presets)
    expect(await clouds.run("presets")).toMatchObject({
      ...{ code: exitCodes.usage.code, stderr: expect.stringContaining(text) }
    })
  })
})
