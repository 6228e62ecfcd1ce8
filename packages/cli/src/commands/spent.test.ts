import { expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

test("a ledger that knows of no machine says so", async () => {
  using clouds = simulatedClouds()
  expect(await clouds.run("spent")).toMatchObject({
    code: 0,
    stdout: "Nothing was spent, as far as this ledger knows.\n"
  })
})

test("what a machine has cost is said after its end, in a table and in JSON", async () => {
  using clouds = simulatedClouds()
  const { ref } = await clouds.rent("trainer")
  await clouds.clock.sleep(2 * 3_600_000)
  await clouds.run("list")
  expect(await clouds.run("terminate", "trainer", "--yes")).toMatchObject({ code: 0 })
  const { stdout } = await clouds.run("spent", "--by", "gpu")
  expect(stdout).toMatch(/1x RTX 4090 +\$\d\.\d\d +2h/)
  expect(stdout).toMatch(/in total \$\d\.\d\d/)
  const { rows } = JSON.parse((await clouds.run("spent", "--since", "1d", "--json")).stdout)
  expect(rows).toMatchObject([{ of: String(ref), cost: [{ currency: "USD" }], unobservedSeconds: expect.any(Number) }])
})

test("two beginnings are refused, and a moment that is none", async () => {
  using clouds = simulatedClouds()
  expect((await clouds.run("spent", "--since", "1d", "--from", "2026-01-01")).stderr).toContain("give one of them")
  expect((await clouds.run("spent", "--from", "yesterday")).code).not.toBe(0)
})
