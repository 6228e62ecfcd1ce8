import { stripVTControlCharacters } from "node:util"
import { expect, test } from "vitest"
import { simulatedClouds } from "./testing/clouds.ts"

test.each([40, 80, 100, 120])("a terminal of %i columns shows the same with colours and without", async (columns) => {
  using clouds = simulatedClouds()
  const colored = await clouds.runWith({ columns }, "compare", "h100", "--no-chart")
  const bare = await clouds.runWith({ columns }, "compare", "h100", "--no-chart", "--no-color")
  expect(colored.stdout).toContain("\u001b[1m")
  expect(stripVTControlCharacters(colored.stdout)).toBe(bare.stdout)
})
