import { expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

test("a machine that is rented for a time ends later, and never earlier", async () => {
  using clouds = simulatedClouds()
  const call = ["launch", "4090", "--kind", "container", "--image", "ubuntu:24.04", "--ttl", "1h", "--name", "job"]
  await clouds.run(...call, "--yes", "--no-ssh-key", "--no-wait")
  const ends = async () => JSON.parse((await clouds.run("list", "--json")).stdout).machines[0].leaseUntil
  const before = await ends()
  const extended = JSON.parse((await clouds.run("extend", "job", "--for", "3h", "--json")).stdout)
  expect(extended).toMatchObject({ before, until: await ends() })
  expect(Date.parse(extended.until)).toBeGreaterThan(Date.parse(before))
  expect((await clouds.run("extend", "job", "--for", "1h")).stdout).toMatch(/already: nothing was changed/)
  expect(await ends()).toBe(extended.until)
})
