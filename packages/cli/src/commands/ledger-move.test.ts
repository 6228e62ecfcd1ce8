import { join } from "node:path"
import { exitCodes } from "@anygpu/operations/failure"
import { expect, test } from "vitest"
import { ledgerMoveShape } from "../json/ledger.ts"
import { simulatedClouds } from "../testing/clouds.ts"

test("a ledger goes to another file, after a yes, and the old one names it", async () => {
  using clouds = simulatedClouds()
  const { ref } = await clouds.rent("trainer")
  const [from, to] = [clouds.env.ANYGPU_LEDGER, join(clouds.folder, "other.db")]
  expect((await clouds.run("ledger", "move", from, to)).code).toBe(exitCodes.declined.code)
  const moved = await clouds.run("ledger", "move", from, to, "--yes", "--json")
  expect(ledgerMoveShape.parse(JSON.parse(moved.stdout))).toMatchObject({
    to,
    moved: expect.stringContaining("1 launch")
  })
  expect((await clouds.run("list")).stderr).toContain(`was moved to ${to}: use that one`)
  expect((await clouds.run("list", "--ledger", to)).stdout).toContain(String(ref))
  expect((await clouds.run("ledger", "move", from, to, "--yes")).stderr).toContain(`was moved to ${to}`)
  expect((await clouds.run("ledger", "move", to, to, "--yes")).stderr).toContain("is there already")
})
