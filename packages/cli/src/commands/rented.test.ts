import { listShape, shownShape } from "@anygpu/operations/protocol"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

const launched = async (clouds: ReturnType<typeof simulatedClouds>, cloud: string, ...more: ReadonlyArray<string>) => {
  const filter = ["--cloud", cloud, "--kind", "container", "--json", "--yes"]
  const { stdout, stderr } = await clouds.run("launch", ...filter, "--image", "ubuntu", "--port", "22", ...more)
  if (stdout === "") throw new Error(stderr)
  return JSON.parse(stdout)
}

describe("the ttl of a machine", () => {
  test("is in list, show and sweep --dry-run, for people and in JSON", async () => {
    using clouds = simulatedClouds()
    const { machine } = await launched(clouds, "vast", "--ttl", "4h", "--name", "leased")
    const { machine: other } = await launched(clouds, "vast", "--name", "kept")
    expect(machine.leaseUntil).toMatch(/Z$/)
    expect(other.leaseUntil).toBeNull()

    const listed = listShape.strict().parse(JSON.parse((await clouds.run("list", "--json")).stdout))
    const untils = Object.fromEntries(listed.machines.map(({ ref, leaseUntil }) => [ref, leaseUntil]))
    expect(untils).toEqual({ [machine.ref]: machine.leaseUntil, [other.ref]: null })
    const shown = shownShape.strict().parse(JSON.parse((await clouds.run("show", machine.ref, "--json")).stdout))
    expect(shown.leaseUntil).toBe(machine.leaseUntil)

    const list = (await clouds.run("list")).stdout
    expect(list).toMatch(/^machine .* ttl /)
    expect(list).toMatch(/leased .* in 3h 5\d/)
    expect((await clouds.run("show", machine.ref)).stdout).toMatch(
      /^ttl .*UTC \(in 3h 5\d.*\), then anygpu sweep ends it$/m
    )
    const { stdout } = await clouds.run("sweep", "--dry-run")
    expect(stdout).toContain("Nothing has run out.")
    expect(stdout).toMatch(new RegExp(`goes on: ${machine.ref} .*, its time ends in 3h 5`))
    expect(stdout).not.toContain(other.ref)
  })

  test("is no column where no machine has one", async () => {
    using clouds = simulatedClouds()
    await launched(clouds, "vast")
    expect((await clouds.run("list")).stdout).not.toContain("ttl")
  })
})

describe("a machine of Fluence", () => {
  test("has its price, and is ready, in the list", async () => {
    using clouds = simulatedClouds()
    const { machine } = await launched(clouds, "fluence")
    const { machines, billedPerHour, uncounted } = listShape.parse(
      JSON.parse((await clouds.run("list", "--json")).stdout)
    )
    expect(machines).toMatchObject([{ ref: machine.ref, ready: true, pricePerHour: { currency: "USDC" } }])
    expect({ billed: billedPerHour.length, uncounted }).toEqual({ billed: 1, uncounted: 0 })
  })
})

test("a quote without a key says that nobody gets in", async () => {
  using clouds = simulatedClouds()
  const { stderr } = await clouds.run("launch", "--cloud", "vast", "--image", "ubuntu", "--yes")
  expect(stderr).toMatch(/^ssh key +none: nobody gets in by ssh/m)
})
