import { readFileSync } from "node:fs"
import { join } from "node:path"
import { stripVTControlCharacters } from "node:util"
import { compareShape } from "@anygpu/operations/protocol"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

describe("anygpu compare", () => {
  test("ranks by the cost of the job and draws it", async () => {
    using clouds = simulatedClouds()
    const { code, stdout, stderr } = await clouds.run("compare", "h100", "--for", "3h", "--limit", "5")
    expect(code).toBe(0)
    const [table = "", chart = "", notes = ""] = stdout.split("\n\n")
    const rows = table.split("\n").slice(1)
    expect(rows.map((row) => row.trim().split(/ +/)[0])).toEqual(["1", "2", "3", "4", "5"])
    const lengths = chart.split("\n").map((line) => line.replace(/[^█]/g, "").length)
    expect(lengths).toHaveLength(5)
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b))
    expect(Math.max(...lengths)).toBe(60)
    expect(notes).toMatch(/^~ /)
    expect(stderr).toContain("for 3h, the cheapest job first")
    expect(stderr).toMatch(/\d+ more: --limit/)
    expect(stderr).toMatch(/left out: \d+ by --gpu/)
    const plain = await clouds.run("compare", "h100", "--for", "3h", "--limit", "5", "--no-chart")
    expect(plain.stdout).not.toContain("█")
  })

  test("becomes a page in a file, and says so where that cannot be written", async () => {
    using clouds = simulatedClouds()
    const file = join(clouds.folder, "report.html")
    const { code, stdout, stderr } = await clouds.run("compare", "h100", "--for", "3h", "--limit", "5", "--html", file)
    expect(code).toBe(0)
    expect(stdout).toMatch(/report\.html has 5 of the \d+ offers that fit\n$/)
    expect(stderr).toMatch(/left out: \d+ by --gpu/)
    expect(readFileSync(file, "utf8")).toMatch(/^<!doctype html>[\s\S]*1\. 1x H100[\s\S]*<rect class="compute"/)
    const wrong = await clouds.run("compare", "h100", "--html", join(clouds.folder, "no/such/folder.html"))
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("cannot be written") })
    expect((await clouds.run("compare", "h100", "--csv", "--html", file)).code).toBe(2)
  })

  test("prints JSON of its schema, in which lines add up", async () => {
    using clouds = simulatedClouds()
    const call = ["compare", "h100", "--for", "1d 2h", "--start", "now", "--disk", "100GB", "--egress", "512MB"]
    const { code, stdout, stderr } = await clouds.run(...call, "--json", "--limit", "0")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    const { job, candidates, total } = compareShape.strict().parse(JSON.parse(stdout))
    expect(job).toEqual({
      ...{ seconds: 93_600, startAt: new Date(clouds.clock.now()).toISOString() },
      ...{ storageMiB: 102_400, egressGiB: 0.5, ingressGiB: null }
    })
    expect(candidates).toHaveLength(total)
    const micros = (amount: string) => Math.round(Number(amount) * 1e6)
    for (const { cost } of candidates) {
      const sum = cost.lines.reduce((all, { amount }) => all + micros(amount.amount), 0)
      expect(micros(cost.total.amount)).toBe(sum)
    }
  })

  test("prints CSV of everything, and nothing else", async () => {
    using clouds = simulatedClouds()
    const { code, stdout } = await clouds.run("compare", "h100", "--csv")
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split("\n")
    expect(lines[0]).toMatch(/^rank,provider,kind,offer,gpu/)
    expect(lines.length).toBeGreaterThan(11)
    expect((await clouds.run("compare", "h100", "--csv", "--limit", "3")).stdout.trimEnd().split("\n")).toHaveLength(4)
  })

  test("holds a limit for the job", async () => {
    using clouds = simulatedClouds()
    const { stdout } = await clouds.run("compare", "h100", "--for", "2h", "--max-total", "5", "--json")
    const { candidates, excluded } = compareShape.parse(JSON.parse(stdout))
    expect(candidates.length).toBeGreaterThan(0)
    for (const { cost } of candidates) expect(Number(cost.total.amount)).toBeLessThanOrEqual(5)
    expect(excluded.map(({ rule }) => rule)).toContain("maxTotal")
  })

  test.each([40, 60, 80, 120])("is never wider than %d columns", async (columns) => {
    using clouds = simulatedClouds()
    const { stdout } = await clouds.runWith({ columns }, "compare", "h100", "--limit", "20")
    const [table = "", chart = ""] = stripVTControlCharacters(stdout).split("\n\n")
    for (const line of `${table}\n${chart.includes("█") ? chart : ""}`.split("\n")) {
      expect(line.length).toBeLessThanOrEqual(columns)
    }
    expect(table).toContain("job")
  })

  test.each([
    [["--csv", "--json"], "--csv and --json cannot both be had"],
    [["--for", "soon"], '--for: "soon" is not a length of time'],
    [["--start", "tomorrow"], '--start: "tomorrow" is not a time'],
    [["--max-total", "-3"], '--max-total: "-3" is not an amount'],
    [["--egress", "5"], '--egress: "5" is not a size']
  ])("refuses %j and sends nothing", async (argv, message) => {
    using clouds = simulatedClouds()
    const { code, stderr } = await clouds.run("compare", ...argv)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
    expect(Object.values(clouds.simulators).flatMap((simulator) => simulator.requests())).toEqual([])
  })
})
