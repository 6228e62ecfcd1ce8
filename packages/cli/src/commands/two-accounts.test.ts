import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { createVastSimulator } from "@anygpu/simulators"
import { expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"
import type { TerminalOptions } from "../testing/terminal.ts"

/** Two accounts of Vast: one without a name, and one whose key stands in a variable of its own. */
const twoAccounts = () => {
  const clouds = simulatedClouds()
  const { vast, ...others } = clouds.simulators
  const team = createVastSimulator({ clock: clouds.clock, apiKey: "vast-key-of-the-team-17", seed: 2 })
  const isOf = (init: RequestInit | undefined) => new Headers(init?.headers).get("authorization")?.endsWith(team.apiKey)
  const fetch: TerminalOptions["fetch"] = {
    ...{ fluence: others.fluence.fetch, huddle: others.huddle.fetch },
    vast: (url, init) => (isOf(init) ? team.fetch(url, init) : vast.fetch(url, init))
  }
  const run = (...argv: ReadonlyArray<string>) =>
    clouds.runWith({ fetch, env: { VAST_API_KEY_TEAM: team.apiKey } }, ...argv)
  return { clouds, team, run, fetch }
}

const order = [
  "--cloud",
  "vast",
  "--kind",
  "container",
  "--image",
  "ubuntu:24.04",
  "--for",
  "1h",
  "--no-ssh-key",
  "--yes"
]

test("machines of both accounts are listed, named, counted and ended", async () => {
  const { clouds, team, run } = twoAccounts()
  using _ = clouds
  await clouds.rent("trainer")
  const launched = await run("launch", ...order, "--account", "team", "--name", "theirs", "--no-wait")
  expect(launched).toMatchObject({ code: 0 })
  expect(team.truth().filter(({ isAlive }) => isAlive)).toHaveLength(1)
  await clouds.clock.sleep(600_000)
  const { machines } = JSON.parse((await run("list", "--json")).stdout)
  expect(machines.map(({ name, account }: { name: string; account: string | null }) => [name, account])).toEqual([
    ["trainer", null],
    ["theirs", "team"]
  ])
  expect((await run("list")).stdout).toMatch(/^machine .* account/)
  expect((await run("show", "theirs")).stdout).toMatch(/account +team/)
  expect((await run("list", "--account", "team")).stdout).not.toContain("trainer")
  expect((await run("spent", "--by", "account")).stdout).toContain("vast team")
  expect(await run("terminate", "theirs", "--yes")).toMatchObject({ code: 0 })
  expect(team.truth().filter(({ isAlive }) => isAlive)).toEqual([])
  expect(clouds.simulators.vast.truth().filter(({ isAlive }) => isAlive)).toHaveLength(1)
})

test("a name that means another account by now is refused, and a name that none has is said", async () => {
  const { clouds, team, run, fetch } = twoAccounts()
  using _ = clouds
  expect((await run("list", "--account", "team")).code).toBe(0)
  const swapped = { VAST_API_KEY: team.apiKey, VAST_API_KEY_TEAM: clouds.simulators.vast.apiKey }
  const refused = await clouds.runWith({ fetch, env: swapped }, "list", "--account", "team")
  expect(refused.stderr).toContain('the key for the account "team" of vast is of another account')
  expect((await run("list", "--account", "lab")).stderr).toMatch(
    /"lab" is no account that has a key here: there are team/
  )
})

test("the config file has accounts under names as well", async () => {
  const { clouds, team, fetch } = twoAccounts()
  using _ = clouds
  const config = { clouds: { vast: { accounts: { team: { apiKey: team.apiKey } } } } }
  writeFileSync(join(clouds.folder, "config.json"), JSON.stringify(config), { mode: 0o600 })
  const { code } = await clouds.runWith({ fetch }, "list", "--account", "team")
  expect(code).toBe(0)
  expect(team.requests().length).toBeGreaterThan(0)
})
