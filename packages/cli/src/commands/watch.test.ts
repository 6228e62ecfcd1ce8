import { stripVTControlCharacters } from "node:util"
import { exitCodes } from "@anygpu/operations/failure"
import { watchShape } from "@anygpu/operations/protocol"
import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"
import type { TerminalOptions } from "../testing/terminal.ts"

type Clouds = ReturnType<typeof simulatedClouds>

/** Watches until the machine was stopped outside, and some time more. */
const watched = async (clouds: Clouds, options: TerminalOptions, ...argv: ReadonlyArray<string>) => {
  const { vast } = clouds.simulators
  const { ref } = await clouds.rent("trainer")
  const abort = new AbortController()
  const looked = Promise.withResolvers<void>()
  const leave = vast.onRequest(({ path }) => {
    if (path.includes("instances")) looked.resolve()
  })
  const running = clouds.runWith({ ...options, signal: abort.signal }, "watch", "--cloud", "vast", ...argv)
  await looked.promise
  leave()
  await clouds.clock.sleep(60_000)
  vast.exitContainer(Number(ref.id))
  await clouds.clock.sleep(180_000)
  abort.abort()
  return { ref: String(ref), ...(await running) }
}

describe("anygpu watch", () => {
  test("says each change in a line where there is no terminal", async () => {
    using clouds = simulatedClouds()
    const { code, stdout, stderr, ref } = await watched(clouds, {})
    expect({ code, stderr }).toEqual({ code: exitCodes.interrupted.code, stderr: "" })
    const lines = stdout.trimEnd().split("\n")
    expect(lines[0]).toMatch(
      new RegExp(`^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC  ${ref} \\(trainer\\) is there: ready$`)
    )
    expect(lines.some((line) => line.includes(`${ref} (trainer) is failed`))).toBe(true)
  })

  test("prints JSON Lines of its schema", async () => {
    using clouds = simulatedClouds()
    const { stdout, ref } = await watched(clouds, { columns: 100 }, "--json")
    const changes = stdout
      .trimEnd()
      .split("\n")
      .map((line) => watchShape.parse(JSON.parse(line)))
    const [first] = changes
    expect(first).toMatchObject({ type: "appeared", machine: { ref, status: "running" }, before: null })
    const status = changes.find(({ type }) => type === "status")
    expect(status).toMatchObject({ machine: { status: "failed" }, before: { status: "running" } })
  })

  test("draws a table with the sum, and leaves the last one", async () => {
    using clouds = simulatedClouds()
    const { code, stdout } = await watched(clouds, { columns: 100, env: { NO_COLOR: "1" } })
    expect(code).toBe(exitCodes.interrupted.code)
    expect(stdout).toMatch(/machine +name +status +billed/)
    expect(stdout).toMatch(/\$0\.\d+ per hour/)
    // The last picture stays, and what comes after it begins on a line of its own.
    const last = stripVTControlCharacters(stdout.slice(stdout.lastIndexOf("machine  ")))
    expect(last).toMatch(
      /^machine .*\n.* failed \(exited\) .*\(\$[\d.]+\)\n\nbilled now: the disk of 1 machine\n.*Ctrl-C ends this\n\n$/
    )
  })

  test("says what cannot be asked, and that it can be again", async () => {
    using clouds = simulatedClouds()
    const { vast } = clouds.simulators
    const abort = new AbortController()
    const looked = Promise.withResolvers<void>()
    vast.onRequest(() => looked.resolve())
    const running = clouds.runWith({ signal: abort.signal }, "watch", "--cloud", "vast")
    await looked.promise
    await clouds.clock.sleep(60_000)
    const disarm = vast.fault({ on: {}, times: 10_000, do: { kind: "status", status: 500 } })
    await clouds.clock.sleep(600_000)
    disarm()
    await clouds.clock.sleep(600_000)
    abort.abort()
    const { stdout } = await running
    expect(stdout).toMatch(/vast container cannot be asked: /)
    expect(stdout).toMatch(/vast container can be asked again\n/)
  })

  test("refuses an invalid pace", async () => {
    using clouds = simulatedClouds()
    expect((await clouds.run("watch", "--every", "often")).code).toBe(exitCodes.usage.code)
    const fast = await clouds.run("watch", "--every", "0.1s")
    expect(fast).toMatchObject({ code: exitCodes.usage.code, stdout: "" })
  })
})
