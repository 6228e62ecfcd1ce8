import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { errorOf, fates, request } from "../placement/placement.test-support.ts"
import { market } from "../testing/market.ts"
import { createGpu } from "./create-gpu.ts"

const here = (path: string): string => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)))

/** Ten lines of a program that catches nothing. */
const program = `
import { createGpu } from ${here("create-gpu.ts")}
import { fates, request } from ${here("../placement/placement.test-support.ts")}
import { market } from ${here("../testing/market.ts")}
const { clouds, clock } = market(fates(...Array(12).fill("no-capacity")))
const gpu = createGpu({ clouds, clock })
const train = async () => {
  await gpu.launch(request)
}
await train()
`

test("a program that catches nothing prints name, message and its own line, and no offers", () => {
  const folder = mkdtempSync(join(tmpdir(), "anygpu-uncaught-"))
  writeFileSync(join(folder, "train.ts"), program)
  const args = ["--conditions=anygpu-source", join(folder, "train.ts")]
  const { stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8" })
  rmSync(folder, { recursive: true })
  expect(status).toBe(1)
  expect(stderr).toMatch(/^NoCapacity: None of 12 offers could be had/m)
  expect(stderr).toMatch(/NoCapacity: .*\n {4}at train \(.*train\.ts:8:\d+\)/)
  expect(stderr.split("\n").length).toBeLessThan(25)
  for (const inner of ["native", "node_modules", "packages/core", "trail"]) expect(stderr).not.toContain(inner)
})

test("what is not printed is there for who reads it, and in JSON", async () => {
  const { clouds, clock } = market(fates("no-capacity", "no-capacity"))
  const gpu = createGpu({ clouds, clock })
  const error = await errorOf(gpu.launch(request))
  expect(error).toMatchObject({ _tag: "NoCapacity", trail: [{ outcome: "no-capacity" }, { outcome: "no-capacity" }] })
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({
    _tag: "NoCapacity",
    message: expect.stringContaining("None of 2 offers"),
    trail: [{ outcome: "no-capacity" }, { outcome: "no-capacity" }]
  })
})
