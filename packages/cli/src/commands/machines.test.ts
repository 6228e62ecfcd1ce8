import { exitCodes } from "@anygpu/operations/failure"
import { costsShape, errorShape, listShape, shownShape } from "@anygpu/operations/protocol"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

describe("anygpu list", () => {
  test("says that there is no machine", async () => {
    using clouds = simulatedClouds()
    expect(await clouds.run("list")).toEqual({ code: 0, stdout: "No machines.\n", stderr: "" })
  })

  test("shows machines and what is paid for them", async () => {
    using clouds = simulatedClouds()
    const { ref, pricePerHour: price } = await clouds.rent("trainer")
    const { code, stdout, stderr } = await clouds.run("list")
    expect(code).toBe(0)
    expect(stdout).toMatch(/^machine +name +status +billed +GPU +place +age +per hour +so far\n/)
    expect(stdout).toMatch(new RegExp(`\n${ref} +trainer +ready +GPU and disk +1x `))
    expect(stderr).toMatch(/^billed now: \$0\.\d+ per hour\n$/)
    const json = await clouds.run("list", "--json")
    const { machines, billedPerHour, uncounted } = listShape.strict().parse(JSON.parse(json.stdout))
    expect(machines.map((machine) => machine.ref)).toEqual([String(ref)])
    expect(billedPerHour).toEqual([{ amount: String((price?.micros ?? 0) / 1e6), currency: "USD" }])
    expect(uncounted).toBe(0)
  })

  test("says what has to be decided, such as a price that the host wants", async () => {
    using clouds = simulatedClouds()
    const { ref } = await clouds.rent("trainer")
    const id = clouds.simulators.vast.raisePrice(Number(ref.id), 2)
    const { code, stderr } = await clouds.run("list")
    expect(code).toBe(0)
    expect(stderr).toContain(`${ref}: the host wants another price from `)
    expect(stderr).toContain(`pending_price_increase_id ${id}`)
    const { machines } = listShape.strict().parse(JSON.parse((await clouds.run("list", "--json")).stdout))
    expect(machines[0]?.notice).toMatch(/accept or reject it/)
  })

  test("never looks empty when a cloud cannot be asked", async () => {
    using clouds = simulatedClouds()
    const { code, stdout, stderr } = await clouds.runWith({ env: { HUDDLE_API_KEY: "wrong" } }, "list")
    expect({ code, stdout }).toEqual({ code: 13, stdout: "No machines, as far as the clouds answered.\n" })
    expect(stderr).toContain("of huddle")
  })
})

describe("anygpu show", () => {
  test.each(["whole ref", "id", "name", "part"])("finds a machine by its %s", async (way) => {
    using clouds = simulatedClouds()
    const { ref } = await clouds.rent("trainer")
    const ways: Readonly<Record<string, string>> = {
      "whole ref": String(ref),
      id: ref.id,
      name: "trainer",
      part: "RAIN"
    }
    const { code, stdout } = await clouds.run("show", ways[way] ?? "")
    expect(code).toBe(0)
    expect(stdout).toMatch(new RegExp(`^machine +${ref}\nname +trainer\nstatus +ready\nbilled now +GPU and disk\n`))
    expect(stdout).toMatch(/\nssh +ssh -p \d+ root@/)
    expect(stdout).toMatch(/\nports +8000\/tcp is /)
    expect(stdout).toMatch(/\ncan be +.*terminate/)
  })

  test("prints JSON of its schema", async () => {
    using clouds = simulatedClouds()
    const { ref } = await clouds.rent("trainer")
    const machine = shownShape.strict().parse(JSON.parse((await clouds.run("show", "trainer", "--json")).stdout))
    expect(machine).toMatchObject({ ref: String(ref), name: "trainer", ready: true, billing: "compute" })
    expect(machine.ssh[0]?.command).toMatch(/^ssh -p \d+ root@/)
  })

  test("lists those that an ambiguous part fits", async () => {
    using clouds = simulatedClouds()
    const [one, other] = [await clouds.rent("train-1"), await clouds.rent("train-2")]
    const { code, stderr } = await clouds.run("show", "train")
    expect(code).toBe(2)
    expect(stderr).toContain('"train" fits 2 machines')
    for (const { ref } of [one, other]) expect(stderr).toContain(String(ref))
    expect((await clouds.run("show", "train-2")).stdout).toContain(String(other.ref))
  })

  test("takes no part when a list is incomplete, but a whole ref", async () => {
    using clouds = simulatedClouds()
    const { ref } = await clouds.rent("trainer")
    const options = { env: { HUDDLE_API_KEY: "wrong" } }
    const part = await clouds.runWith(options, "show", "trainer", "--json")
    expect(part.code).toBe(exitCodes.key.code)
    const { tag, message, problems } = errorShape.parse(JSON.parse(part.stderr).error)
    expect(tag).toBe("Unauthenticated")
    expect(message).toContain(String(ref))
    expect(problems).toMatchObject([{ provider: "huddle" }])
    expect((await clouds.runWith(options, "show", String(ref))).code).toBe(0)
  })

  test("ends with 4 where the machine is missing", async () => {
    using clouds = simulatedClouds()
    expect(await clouds.run("show", "nothing")).toMatchObject({ code: 4, stdout: "" })
    expect(await clouds.run("show", "vast/container/999999")).toMatchObject({ code: 4, stdout: "" })
  })
})

describe("anygpu cost", () => {
  test("of a job on an offer, line by line, also by its short ref", async () => {
    using clouds = simulatedClouds()
    const offers = await clouds.run("offers", "h100", "--cloud", "fluence", "--kind", "container")
    const [short = ""] = /^fluence\/container\/[0-9a-f]{8}@\w+/m.exec(offers.stdout) ?? []
    const { code, stdout } = await clouds.run("cost", short, "--for", "3h", "--start", "now")
    expect(code).toBe(0)
    expect(stdout).toMatch(/^offer +fluence\/container\/[0-9a-f-]{36}@/)
    expect(stdout).toMatch(/\ncompute +[\d.]+ USDC +\d clock hours at /)
    expect(stdout).toMatch(/\ntotal +~?[\d.]+ USDC\n/)
    const json = costsShape.parse(JSON.parse((await clouds.run("cost", short, "--json")).stdout))
    expect(json).toMatchObject({ of: "offer", job: { seconds: 3600 } })
  })

  test("of a machine: so far, and in a month like now", async () => {
    using clouds = simulatedClouds()
    const { ref, pricePerHour: price } = await clouds.rent("trainer")
    const answer = costsShape.parse(JSON.parse((await clouds.run("cost", "trainer", "--json")).stdout))
    if (answer.of !== "machine") throw new Error("a machine was asked about")
    expect(answer.machine.ref).toBe(String(ref))
    expect(Number(answer.perMonth?.amount)).toBeCloseTo(((price?.micros ?? 0) * 730) / 1e6, 5)
    const soFar = Number(answer.soFar?.amount)
    expect(soFar).toBeGreaterThan(0)
    expect(soFar).toBeLessThan((price?.micros ?? 0) / 1e6)
    const text = await clouds.run("cost", String(ref))
    expect(text.stdout).toMatch(/\nper month +\$[\d.]+ if it goes on like now\nso far +at most \$/)
  })

  test("of something that is neither ends with what it was not", async () => {
    using clouds = simulatedClouds()
    expect((await clouds.run("cost", "nothing")).code).toBe(4)
    expect(await clouds.run("cost", "vast/container/999999")).toMatchObject({ code: 6, stdout: "" })
  })
})
