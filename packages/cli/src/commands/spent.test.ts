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

test("machines are listed, counted and ended by what their launches are for", async () => {
  using clouds = simulatedClouds()
  await clouds.rent("trainer", { tags: { team: "nlp", stage: "dev" }, owner: "ann@laptop" })
  await clouds.run(
    ...[
      "launch",
      "rtx4090",
      "--image",
      "ubuntu",
      "--name",
      "other",
      "--for",
      "5h",
      "--yes",
      "--no-wait",
      "--no-ssh-key"
    ],
    ...["--tag", "team=vision", "--tag", "a=b", "--owner", "bob@ci"]
  )
  await clouds.clock.sleep(3_600_000)
  const { stdout } = await clouds.run("list")
  expect(stdout).toMatch(/so far/)
  expect(stdout).toMatch(/stage=dev, team=nlp/)
  const listed = JSON.parse((await clouds.run("list", "--tag", "team=nlp", "--json")).stdout)
  expect(listed.machines).toMatchObject([
    { name: "trainer", tags: { team: "nlp", stage: "dev" }, owner: "ann@laptop", cost: { cost: [{ currency: "USD" }] } }
  ])
  expect((await clouds.run("show", "trainer")).stdout).toMatch(/so far +\$\d+\.\d\d \(an estimate/)
  expect((await clouds.run("spent", "--by", "tag")).stdout).toMatch(/team=vision +\$/)
  expect((await clouds.run("spent", "--tag", "team=nlp", "--by", "owner")).stdout).not.toContain("bob@ci")
  const ended = await clouds.run("terminate", "--tag", "team=nlp", "--yes")
  expect(ended.stderr).toContain("trainer")
  expect(ended.stderr).toMatch(/has cost \$\d+\.\d\d \(an estimate/)
  const left = JSON.parse((await clouds.run("list", "--json")).stdout)
  expect(left.machines).toMatchObject([{ name: "other" }])
})

test("tags that can be none are refused, and those that nothing has end nothing", async () => {
  using clouds = simulatedClouds()
  expect((await clouds.run("list", "--tag", "nlp")).stderr).toContain('"nlp" is not a tag: write team=nlp')
  expect((await clouds.run("terminate", "--tag", "team=nlp", "--all")).stderr).toContain("--tag says which")
  expect(await clouds.run("terminate", "--tag", "team=nlp", "--yes")).toMatchObject({
    code: 0,
    stdout: "No machines.\n"
  })
})
