import { clouds as listed } from "@anygpu/clouds"
import { errorShape, offersShape } from "@anygpu/operations/protocol"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

describe("anygpu offers", () => {
  test("lists what all clouds have, cheapest first", async () => {
    using clouds = simulatedClouds()
    const { code, stdout, stderr } = await clouds.run("offers", "h100", "--limit", "0")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    const [head, ...rows] = stdout.trimEnd().split("\n")
    expect(head).toMatch(/^offer +GPU +VRAM +CPUs +memory +disk +up to +place +reliability +per hour$/)
    expect(rows.length).toBeGreaterThan(5)
    expect(new Set(rows.map((row) => row.split("/")[0]))).toEqual(new Set(["fluence", "huddle", "vast"]))
    const prices = rows.map((row) => Number(/\$?([\d.]+)(?: USDC)?$/.exec(row)?.[1]))
    expect(prices).toEqual([...prices].sort((a, b) => a - b))
    expect(rows.every((row) => row.includes("H100"))).toBe(true)
  })

  test("shows the disk that is in the price, and not the host's", async () => {
    using clouds = simulatedClouds()
    const usual = JSON.parse((await clouds.run("offers", "--json", "--cloud", "vast", "--limit", "1")).stdout).offers[0]
    expect(usual.diskMiB).toBe(9536)
    expect(usual.storageMiB).toBeGreaterThan(50_000)
    const { stdout } = await clouds.run("offers", "--cloud", "vast", "--limit", "1")
    expect(stdout).toMatch(/ 9\.3 GB {2}/)
    const more = await clouds.run("offers", "--json", "--cloud", "vast", "--disk", "40GB", "--limit", "1")
    expect(JSON.parse(more.stdout).offers[0].diskMiB).toBe(41_007)
    const quoted = await clouds.run("launch", usual.ref, "--image", "ubuntu", "--yes", "--json")
    expect(JSON.parse(quoted.stdout)).toMatchObject({ quote: { diskMiB: 9536 }, machine: { storageMiB: 9536 } })
  })

  test("prints JSON of its schema, with exact money", async () => {
    using clouds = simulatedClouds()
    const { code, stdout, stderr } = await clouds.run("offers", "--json", "--limit", "3", "--cloud", "vast")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    const answer = offersShape.strict().parse(JSON.parse(stdout))
    expect(answer.offers).toHaveLength(3)
    expect(answer.total).toBeGreaterThan(3)
    expect(answer.complete).toBe(true)
    for (const { ref, provider, kind, id, pricePerHour } of answer.offers) {
      expect(ref).toBe(`vast/${kind}/${id}`)
      expect(provider).toBe("vast")
      expect(pricePerHour?.amount).toMatch(/^\d+(\.\d{1,6})?$/)
    }
    expect(clouds.simulators.fluence.requests()).toEqual([])
  })

  test.each([["h100", "l40s"], ["h100,l40s"], ["rtx", "4090"], ["4090", "L40S"]])(
    "takes GPUs as people write them: %s %s",
    async (...words) => {
      using clouds = simulatedClouds()
      const named = await clouds.run("offers", "--json", "--limit=0", ...words)
      const gpus = words.join(" ") === "rtx 4090" ? ["rtx 4090"] : words.flatMap((word) => word.split(","))
      const asked = await clouds.run("offers", "--json", "--limit=0", ...gpus.flatMap((gpu) => ["--gpu", gpu]))
      const models = (text: string) => new Set(offersShape.parse(JSON.parse(text)).offers.map(({ gpu }) => gpu?.model))
      expect(models(named.stdout)).toEqual(models(asked.stdout))
      expect(models(named.stdout).size).toBeGreaterThan(0)
    }
  )

  test("heeds every filter", async () => {
    using clouds = simulatedClouds()
    const filters = ["--gpu", "h100,rtx 4090", "--count", "1", "--kind", "container", "--min-vram", "24GB"]
    const { stdout } = await clouds.run("offers", "--json", "--limit=0", ...filters, "--max-per-hour", "$2.30")
    const { offers, excluded } = offersShape.parse(JSON.parse(stdout))
    expect(offers.length).toBeGreaterThan(1)
    for (const offer of offers) {
      expect(offer.kind).toBe("container")
      expect(offer.gpu?.model).toMatch(/^(H100|RTX 4090)/)
      expect(offer.gpu?.count).toBe(1)
      expect(Number(offer.pricePerHour?.amount)).toBeLessThanOrEqual(2.3)
    }
    expect(Object.values(excluded).some((count) => count > 0)).toBe(true)
  })

  test("says how many more there are, unless quiet", async () => {
    using clouds = simulatedClouds()
    const loud = await clouds.run("offers", "--limit", "2")
    expect(loud.stderr).toMatch(/^\d+ more: --limit \d+ shows them\n$/)
    const quiet = await clouds.run("--quiet", "offers", "--limit", "2")
    expect(quiet).toEqual({ ...loud, stderr: "" })
  })

  test("says what left everything out when nothing fits", async () => {
    using clouds = simulatedClouds()
    const { code, stdout, stderr } = await clouds.run("offers", "h100", "--max-per-hour", "0.01")
    expect({ code, stdout }).toEqual({ code: 0, stdout: "No offer fits.\n" })
    expect(stderr).toMatch(/^left out: \d+ by /)
  })

  test("an incomplete answer says so and ends with 13", async () => {
    using clouds = simulatedClouds()
    const options = { env: { VAST_API_KEY: "wrong" } }
    const text = await clouds.runWith(options, "offers", "h100")
    expect(text.code).toBe(13)
    expect(text.stdout).toContain("huddle/vm/")
    expect(text.stderr).toMatch(/missing: .* of vast/)
    expect(text.stderr).not.toContain("wrong")
    const json = await clouds.runWith(options, "offers", "h100", "--json")
    expect(json.code).toBe(13)
    const { complete, problems } = offersShape.parse(JSON.parse(json.stdout))
    expect(complete).toBe(false)
    expect(problems.map(({ provider, error }) => [provider, error.tag])).toContainEqual(["vast", "Unauthenticated"])
  })

  test("when no cloud can be reached, the error is the answer", async () => {
    using clouds = simulatedClouds()
    const refuse = async () => {
      throw new TypeError("fetch failed", { cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }) })
    }
    const fetch = { fluence: refuse, huddle: refuse, vast: refuse }
    const { code, stdout, stderr } = await clouds.runWith({ fetch }, "offers", "--json")
    expect({ code, stdout }).toEqual({ code: 10, stdout: "" })
    expect(errorShape.parse(JSON.parse(stderr).error)).toMatchObject({ tag: "Network", exitCode: 10 })
  })

  test("asks over the network where the environment says", async () => {
    using clouds = simulatedClouds()
    await using servers = await clouds.listen()
    const { code, stdout } = await clouds.runWith({ env: servers.env, fetch: undefined }, "offers", "h100", "--json")
    expect(code).toBe(0)
    const { offers } = offersShape.parse(JSON.parse(stdout))
    expect(new Set(offers.map(({ provider }) => provider))).toEqual(new Set(["fluence", "huddle", "vast"]))
  })

  test("says what is likely meant by a GPU that nobody knows", async () => {
    using clouds = simulatedClouds()
    const { stdout } = await clouds.run("offers", "h10")
    expect(stdout).toContain('No offer fits: "h10" is not a GPU that anygpu knows; did you mean "H100"')
  })

  test.each([
    [["rtx-6000"], '--gpu: "rtx-6000" names several GPUs; say which: "Quadro RTX 6000"'],
    [["--min-vram", "24"], '--min-vram: "24" is not a size'],
    [["--count", "two"], '--count: "two" is not a whole number'],
    [["--max-per-hour", "cheap"], '--max-per-hour: "cheap" is not an amount'],
    [["--cloud", "aws"], `Allowed choices are ${listed.map(({ name }) => name).join(", ")}.`],
    [["--kind", "vm,pod"], "Allowed choices are container, vm, baremetal, cpu-vm."]
  ])("refuses %j and sends nothing", async (argv, message) => {
    using clouds = simulatedClouds()
    const { code, stdout, stderr } = await clouds.run("offers", ...argv)
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr).toContain(message)
    expect(Object.values(clouds.simulators).flatMap((simulator) => simulator.requests())).toEqual([])
  })
})
