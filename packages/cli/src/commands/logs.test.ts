import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { logLineShape } from "../json/log-line.ts"
import { simulatedClouds } from "../testing/clouds.ts"

const idOf = ({ id }: { readonly id: string }): number => Number(id)

describe("anygpu logs", () => {
  test("prints the lines, the last ones, those with a text, and JSON Lines", async () => {
    using clouds = simulatedClouds()
    const { ref } = await clouds.rent("trainer")
    const { vast } = clouds.simulators
    for (const line of ["one", "two", "two", "three"]) vast.writeLog(idOf(ref), line)
    const all = await clouds.run("logs", "trainer")
    expect(all).toMatchObject({ code: 0, stderr: "" })
    expect(all.stdout.endsWith("\none\ntwo\ntwo\nthree\n")).toBe(true)
    expect((await clouds.run("logs", "trainer", "--tail", "2")).stdout).toBe("two\nthree\n")
    expect((await clouds.run("logs", "trainer", "--tail", "0")).stdout).toBe("")
    expect((await clouds.run("logs", "trainer", "--containing", "tw")).stdout).toBe("two\ntwo\n")
    const { stdout } = await clouds.run("logs", "trainer", "--tail", "1", "--json")
    expect(logLineShape.parse(JSON.parse(stdout))).toEqual({ type: "line", line: "three" })
  })

  test("keeps what moves the cursor away from a terminal, and from nothing else", async () => {
    using clouds = simulatedClouds()
    const { ref } = await clouds.rent("trainer")
    const line = "\u001b[31mred\u001b[0m\tand\u001b[2J\u001b]0;title\u0007 more"
    clouds.simulators.vast.writeLog(idOf(ref), line)
    expect((await clouds.run("logs", "trainer", "--tail", "1")).stdout).toBe(`${line}\n`)
    const shown = await clouds.runWith({ columns: 80 }, "logs", "trainer", "--tail", "1")
    expect(shown.stdout).toBe("\u001b[31mred\u001b[0m\tand\\x1b[2J\\x1b]0;title\\x07 more\n")
  })

  test("says which clouds have logs where one has none", async () => {
    using clouds = simulatedClouds()
    const { code, stderr } = await clouds.run("logs", "huddle/vm/whatever")
    expect(code).toBe(2)
    expect(stderr).toBe(
      "huddle has no logs for machines of the kind vm. Of your clouds these have it: fluence/container, vast/container. Nothing was sent.\n"
    )
  })

  test.each([
    [["logs", "trainer", "--tail", "x"], 2, "--tail"],
    [["logs", "nobody"], 4, 'No such machine is known here: "nobody"'],
    [["events", "vast/container/1"], 2, "vast has no events"]
  ])("%j ends with %i", async (argv, code, message) => {
    using clouds = simulatedClouds()
    const ran = await clouds.run(...argv)
    expect(ran.code).toBe(code)
    expect(ran.stderr).toContain(message)
  })
})

describe("anygpu logs --follow", () => {
  /** When the first look at a log was made; before that, time is not to go on. */
  const looked = ({ simulators: { vast }, clock }: ReturnType<typeof simulatedClouds>) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const leave = vast.onRequest(({ path }) => {
      if (path.includes("request_logs")) resolve()
    })
    return promise.then(() => {
      leave()
      return clock.sleep(30_000)
    })
  }

  /** Follows while lines are written in bursts, until the container exits. */
  const followed = async (bursts: ReadonlyArray<ReadonlyArray<string>>, ...argv: ReadonlyArray<string>) => {
    using clouds = simulatedClouds()
    const { clock, simulators } = clouds
    const { ref } = await clouds.rent("trainer")
    const { vast } = simulators
    const ready = looked(clouds)
    const running = clouds.run("logs", "-f", String(ref), ...argv)
    await ready
    for (const burst of bursts) {
      for (const line of burst) vast.writeLog(idOf(ref), line)
      await clock.sleep(7000)
    }
    await clock.sleep(60_000)
    vast.exitContainer(idOf(ref))
    return await running
  }

  test("prints every line once, in order, until the machine halts, whatever lines repeat", async () => {
    const line = fc.constantFrom("step", "step", "loss 0.1", "")
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(line, { maxLength: 5 }), { minLength: 1, maxLength: 8 }), async (bursts) => {
        const { code, stdout, stderr } = await followed(bursts)
        expect(code).toBe(0)
        const [first, ...lines] = stdout.slice(0, -1).split("\n")
        expect(first).toMatch(/^image: /)
        expect(lines).toEqual(bursts.flat())
        expect(stderr).toMatch(/^what came after the last look cannot be read any more: .*\n.* its logs end here\n$/)
      }),
      { numRuns: 8 }
    )
  }, 240_000)

  test("asks for more lines where it cannot be sure", async () => {
    const burst = Array.from({ length: 2000 }, (_, index) => `step ${index % 7}`)
    const { stdout, stderr } = await followed([burst, ["step 0", "step 0"], burst.slice(0, 1200)])
    expect(stdout.slice(0, -1).split("\n").slice(1)).toEqual([...burst, "step 0", "step 0", ...burst.slice(0, 1200)])
    expect(stderr).not.toContain("it is not sure")
  }, 240_000)

  test("says where it cannot be sure, and ends its JSON Lines with the status", async () => {
    const same = Array.from({ length: 20_000 }, () => "beat")
    const { stdout } = await followed([same, ["beat", "beat"], ["end"]], "--tail", "3", "--json")
    const entries = stdout
      .slice(0, -1)
      .split("\n")
      .map((text) => logLineShape.parse(JSON.parse(text)))
    expect(entries.slice(0, 2).map(({ type }) => type)).toEqual(["line", "gap"])
    expect(entries.at(-1)?.type).toBe("end")
    expect(entries).toContainEqual({ type: "line", line: "end" })
  }, 240_000)

  test("goes on after a cloud that cannot be asked for a while, and is left with Ctrl-C", async () => {
    using clouds = simulatedClouds()
    const { ref } = await clouds.rent("trainer")
    const { vast } = clouds.simulators
    const abort = new AbortController()
    const ready = looked(clouds)
    const running = clouds.runWith({ signal: abort.signal }, "logs", "-f", String(ref), "--tail", "0")
    await ready
    vast.fault({ on: {}, times: 30, do: { kind: "reset-before" } })
    vast.writeLog(idOf(ref), "meanwhile")
    await clouds.clock.sleep(600_000)
    abort.abort()
    const { code, stdout, stderr } = await running
    expect({ code, stdout }).toEqual({ code: 130, stdout: "meanwhile\n" })
    expect(stderr).not.toContain("Interrupted")
  })
})
