import { readFileSync } from "node:fs"
import { join } from "node:path"
import { marketRecordShape } from "@anygpu/operations/protocol"
import { expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

test("what was written down is shown on a terminal of 80 by 24, as CSV and as JSON", async () => {
  using clouds = simulatedClouds()
  const { stdout } = await clouds.run("market", "record")
  expect(stdout).toMatch(/^\d+ prices are new or changed, 0 offers are gone, 0 prices are as before\n$/)
  await clouds.clock.sleep(3 * 3_600_000)
  expect((await clouds.run("market", "record")).stdout).toMatch(/\d+ prices are as before/)
  const shown = await clouds.runWith({ columns: 80, env: { NO_COLOR: "1" } }, "market", "show", "h100", "--since", "1d")
  expect(shown.code).toBe(0)
  const lines = `${shown.stdout}${shown.stderr}`.trimEnd().split("\n")
  expect(lines.length).toBeLessThanOrEqual(24)
  expect(shown.stdout).toContain("nobody looked")
  expect(shown.stdout).toMatch(/\d\.\d\d {2}\d+\.\d\d {2}\d+\.\d\d {2}\d+ +█/)
  const csv = (await clouds.run("market", "show", "h100", "--csv")).stdout.split("\n")
  expect(csv[0]).toBe("hour,cloud,kind,gpu,interruptible,min,median,max,currency,offers")
  expect(csv[1]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00:00.000Z,\w+,\w+,H100[ \w]*,false,[\d.]+,[\d.]+,[\d.]+,USDC?,\d+$/)
  const json = JSON.parse((await clouds.run("market", "show", "h100", "--json", "--cloud", "vast")).stdout)
  expect(json.hours.length).toBeGreaterThan(0)
  expect(json.hours.every(({ provider }: { provider: string }) => provider === "vast")).toBe(true)
})

test("what was written down becomes a page in a file", async () => {
  using clouds = simulatedClouds()
  await clouds.run("market", "record")
  const file = join(clouds.folder, "h100.html")
  const { code, stdout } = await clouds.run("market", "show", "h100", "--html", file)
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${file} shows what h100 has cost\n` })
  expect(readFileSync(file, "utf8")).toMatch(/What H100 has cost[\s\S]*<path class="stroke c\d"/)
})

test("nothing written down, nothing on offer and a wrong use are said apart", async () => {
  using clouds = simulatedClouds()
  expect((await clouds.run("market", "show", "h100")).stdout).toContain("No price was written down")
  await clouds.run("market", "record")
  expect((await clouds.run("market", "show", "GTX 750")).stdout).toContain("none had it on offer")
  for (const wrong of [
    ["show"],
    ["record", "h100"],
    ["show", "h100", "--every", "5m"],
    ["record", "--every", "5s"],
    ["record", "--html", "x.html"],
    ["show", "h100", "--csv", "--html", "x.html"]
  ]) {
    expect((await clouds.run("market", ...wrong)).code).toBe(2)
  }
})

test("a look every five minutes goes on until it is interrupted, a line for each", async () => {
  using clouds = simulatedClouds()
  const stop = new AbortController()
  const lines: string[] = []
  const { code } = await clouds.runWith(
    {
      signal: stop.signal,
      onStdout: (text) => {
        lines.push(...text.trim().split("\n"))
        if (lines.length === 4) stop.abort()
      }
    },
    ...["market", "record", "--every", "5m", "--json"]
  )
  const looks = lines.map((line) => marketRecordShape.parse(JSON.parse(line)))
  expect(code).toBe(130)
  expect(looks[0]).toMatchObject({ changed: expect.toSatisfy((count) => count > 0), same: 0, complete: true })
  const moments = looks.map(({ observedAt }) => Date.parse(observedAt))
  for (const [index, at] of moments.slice(1).entries()) expect(at - (moments[index] ?? 0)).toBe(300_000)
})
