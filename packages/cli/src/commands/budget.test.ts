import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { exitCodes } from "@anygpu/operations/failure"
import { expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"
import { answerOf, errorOf, mcpSession } from "../testing/mcp.ts"

const order = ["launch", "rtx4090", "--image", "ubuntu", "--ttl", "2h", "--no-wait", "--no-ssh-key", "--yes"]

test("launches of one name stay within what a day may cost, and say what would pass it", async () => {
  using clouds = simulatedClouds()
  const within = ["--budget", "team", "--max-per-day", "2"]
  expect(await clouds.run(...order, "--name", "first", ...within)).toMatchObject({ code: 0 })
  const second = await clouds.run(...order, "--name", "second", ...within)
  expect(second).toMatchObject({ code: exitCodes.funds.code })
  expect(second.stderr).toMatch(
    /would bring the budget "team" to \$\d\.\d+ on \d{4}-\d\d-\d\d \(UTC\), above its limit of \$2\.00/
  )
  expect(await clouds.run(...order, "--name", "third", "--budget", "other", "--max-per-month", "5")).toMatchObject({
    code: 0
  })
  await clouds.run("terminate", "first", "--yes")
  expect(await clouds.run(...order, "--name", "fourth", "--budget", "team", "--max-per-day", "2")).toMatchObject({
    code: 0
  })
})

test("the config file has limits under names, and says which one counts by default", async () => {
  using clouds = simulatedClouds()
  const file = join(clouds.folder, "config.json")
  const config = (more: object) => writeFileSync(file, JSON.stringify(more), { mode: 0o600 })
  config({ budget: "team", budgets: { team: { perDay: "0.01" } } })
  expect((await clouds.run(...order, "--config", file)).stderr).toContain('the budget "team"')
  expect((await clouds.run(...order, "--config", file, "--budget", "none")).stderr).toContain('"none" has no limit')
  config({ budgets: { team: { perDay: "much" } } })
  expect((await clouds.run(...order, "--config", file, "--budget", "team")).stderr).toContain("budgets.team.perDay")
})

test("an agent's launches stay within a day as well, and a day alone lets it rent nothing", async () => {
  using clouds = simulatedClouds()
  const session = await mcpSession(clouds, ["--allow-spend", "50", "--max-per-day", "2"])
  const wanted = { gpu: "RTX 4090", for: "2h", image: "ubuntu:24.04" }
  answerOf(await session.call("launch", { ...wanted, name: "first" }))
  const { error } = errorOf(await session.call("launch", { ...wanted, name: "second" }))
  expect(error.message).toContain('the budget "mcp"')
  await session.end()
  expect((await clouds.run("mcp", "--max-per-day", "1")).stderr).toContain("--allow-spend: is missing")
})
