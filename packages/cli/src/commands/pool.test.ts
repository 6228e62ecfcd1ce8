import { exitCodes } from "@anygpu/operations/failure"
import { poolShape } from "@anygpu/operations/protocol"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

type Clouds = ReturnType<typeof simulatedClouds>

const order = ["pool", "workers", "--gpu", "RTX 4090", "--cloud", "vast", "--image", "me/worker"]

const aliveOf = ({ simulators }: Clouds) =>
  Object.values(simulators)
    .flatMap((simulator) => simulator.truth())
    .filter(({ isAlive }) => isAlive)

describe("anygpu pool", () => {
  test("says what one machine costs and asks; without a yes nothing is rented", async () => {
    using clouds = simulatedClouds()
    const { code, stdout, stderr } = await clouds.run(...order, "--size", "3", "--max-all-per-hour", "5")
    expect([code, stdout, aliveOf(clouds)]).toEqual([exitCodes.declined.code, "", []])
    expect(stderr).toMatch(
      /The best one now: vast\/container\/\d+, 1x RTX 4090, \$[\d.]+ per hour, \$[\d.]+ per hour for 3\./
    )
    expect(stderr).toContain("$5.00 per hour together at most.")
    expect(stderr).toContain("Keep 3 such machines, and rent others in place of what is lost? Nobody can be asked here")
  })

  test("keeps so many machines, once for each call, replaces what was ended, and ends them all", async () => {
    using clouds = simulatedClouds()
    const keep = () => clouds.run(...order, "--size", "2", "--yes", "--json")
    const first = await keep()
    expect(first.code).toBe(0)
    const { machines, launched } = poolShape.parse(JSON.parse(first.stdout))
    expect([machines.length, launched.length, aliveOf(clouds).length]).toEqual([2, 2, 2])
    expect(poolShape.parse(JSON.parse((await keep()).stdout)).launched).toEqual([])
    const [lost = ""] = launched
    await clouds.run("terminate", lost, "--yes")
    const third = poolShape.parse(JSON.parse((await keep()).stdout))
    expect(third).toMatchObject({ replaced: [{ ref: lost, because: "terminated" }], launched: [expect.any(String)] })
    const ended = await clouds.run("pool", "workers", "--size", "0", "--yes")
    expect(ended.stdout).toBe("The pool has no machines.\n")
    expect(ended.stderr.match(/ended: vast\/container/g)).toHaveLength(2)
    expect(aliveOf(clouds)).toEqual([])
  })

  test("shows its machines for people, and says what a place lacks with the exit code of a part", async () => {
    using clouds = simulatedClouds()
    const { code, stdout, stderr } = await clouds.run(...order, "--size", "2", "--max-all-per-hour", "0.7", "--yes")
    expect(code).toBe(exitCodes.partial.code)
    expect(stdout).toMatch(/^ {2}1 {2}vast\/container\/\d+ \(workers-1, 1x RTX 4090, .*\) {2}new\n$/)
    expect(stderr).toMatch(/place 2: .*limit/)
    expect(stderr).toContain("end them all: anygpu pool workers --size 0")
  })

  test("goes on with --every until it is interrupted, a line for each round", async () => {
    using clouds = simulatedClouds()
    const stop = new AbortController()
    const lines: string[] = []
    const onStdout = (text: string) => {
      lines.push(...text.trim().split("\n"))
      if (lines.length === 3) stop.abort()
    }
    const how = { signal: stop.signal, onStdout }
    const { code } = await clouds.runWith(how, ...order, "--size", "1", "--every", "1m", "--yes", "--json")
    expect(code).toBe(exitCodes.interrupted.code)
    const rounds = lines.map((line) => poolShape.parse(JSON.parse(line)))
    expect(rounds.map(({ launched }) => launched.length)).toEqual([1, 0, 0])
  })

  test.each([
    [["pool", "Workers", "--size", "1", "--image", "me/worker", "--yes"], "name"],
    [["pool", "workers", "--size", "1", "--image", "me/worker", "--yes", "--hold-for", "10s"], "hold-for"],
    [[...order, "--size", "1", "--yes", "--every", "1s"], "every"],
    [["pool", "workers", "--yes"], "size"]
  ])("%j is a wrong call that rents nothing", async (call, named) => {
    using clouds = simulatedClouds()
    const { code, stderr } = await clouds.run(...call)
    expect(code).toBe(2)
    expect(stderr).toContain(named)
    expect(aliveOf(clouds)).toEqual([])
  })
})
