import { chmodSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { exitCodes } from "@anygpu/operations/failure"
import { errorShape } from "@anygpu/operations/protocol"
import { describe, expect, test } from "vitest"
import { commands } from "./commands/index.ts"
import { simulatedClouds } from "./testing/clouds.ts"
import { runIn } from "./testing/terminal.ts"

describe("what is wrong on the command line", () => {
  test.each([
    [["ofers"], "Did you mean offers?"],
    [["offers", "--limt", "3"], "Did you mean --limit?"],
    [["show"], "missing required argument 'ref'"],
    [["list", "vast"], "too many arguments"]
  ])("%j is said with what is near, and ends with 2", async (argv, message) => {
    const { code, stdout, stderr } = await runIn({}, ...argv)
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr).toContain(message)
    const json = await runIn({}, ...argv, "--json")
    expect(json).toMatchObject({ code: 2, stdout: "" })
    expect(errorShape.parse(JSON.parse(json.stderr).error)).toMatchObject({ tag: "Usage", exitCode: 2 })
  })

  test("no command at all shows the help", async () => {
    const { code, stdout, stderr } = await runIn({})
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    for (const { name } of commands) expect(stderr).toContain(`\n  ${name} `)
  })
})

describe("--help", () => {
  test.each(commands.map(({ name }) => name))("of %s has its examples", async (name) => {
    const entry = commands.find((one) => one.name === name)
    const { code, stdout, stderr } = await runIn({}, name, "--help")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(entry?.examples.length).toBeGreaterThan(0)
    for (const { call } of entry?.examples ?? []) expect(stdout).toContain(`$ ${call}`)
    expect((await runIn({}, "help", name)).stdout).toBe(stdout)
  })

  test.each([40, 60, 100])("fits a terminal of %d columns", async (columns) => {
    const { stdout } = await runIn({ columns }, "offers", "--help")
    const options = stdout.slice(stdout.indexOf("Options:"), stdout.indexOf("Examples:"))
    expect(Math.max(...options.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(columns)
  })
})

describe("API keys", () => {
  const withoutKeys = { FLUENCE_API_KEY: "", HUDDLE_API_KEY: "", VAST_API_KEY: "" }

  test("none anywhere: says where they are looked for, and ends with 3", async () => {
    using clouds = simulatedClouds()
    const { code, stderr } = await clouds.runWith({ env: withoutKeys }, "offers")
    expect(code).toBe(exitCodes.key.code)
    for (const word of ["FLUENCE_API_KEY", "HUDDLE_API_KEY", "VAST_API_KEY", clouds.env.ANYGPU_CONFIG]) {
      expect(stderr).toContain(word)
    }
  })

  test("come from the config file, which nobody else may read", async () => {
    using clouds = simulatedClouds()
    const path = clouds.env.ANYGPU_CONFIG
    writeFileSync(path, JSON.stringify({ clouds: { vast: { apiKey: clouds.simulators.vast.apiKey } } }), {
      mode: 0o644
    })
    chmodSync(path, 0o644)
    const open = await clouds.runWith({ env: withoutKeys }, "offers", "h100")
    expect(open.code).toBe(exitCodes.key.code)
    expect(open.stderr).toContain(`chmod 600 ${path}`)
    chmodSync(path, 0o600)
    const closed = await clouds.runWith({ env: withoutKeys }, "offers", "h100")
    expect({ ...closed, stdout: "" }).toEqual({ code: 0, stdout: "", stderr: "" })
    expect(closed.stdout).toContain("vast/container/")
  })

  test.each([
    ["{ no", "is not JSON"],
    ['{"clouds":{"vast":{"apikey":"s3cret-value"}}}', "clouds.vast has an unknown field"],
    ['{"clouds":{"vast":{"apiKey":42}}}', "clouds.vast.apiKey is not what it should be"]
  ])("a wrong config file %s is reported without its content", async (text, message) => {
    using clouds = simulatedClouds()
    const path = join(clouds.folder, "other.json")
    writeFileSync(path, text, { mode: 0o600 })
    const { code, stderr } = await clouds.run("offers", "--config", path)
    expect(code).toBe(exitCodes.usage.code)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain("s3cret")
  })
})

describe("colours", () => {
  const colored = (text: string) => text.includes("\u001b[")
  test.each([
    ["a pipe", {}, [], false],
    ["a terminal", { columns: 120 }, [], true],
    ["a terminal with NO_COLOR", { columns: 120, env: { NO_COLOR: "1" } }, [], false],
    ["a terminal with --no-color", { columns: 120 }, ["--no-color"], false],
    ["a dumb terminal", { columns: 120, env: { TERM: "dumb" } }, [], false],
    ["a pipe with FORCE_COLOR", { env: { FORCE_COLOR: "1" } }, [], true],
    ["a pipe with FORCE_COLOR=0", { env: { FORCE_COLOR: "0" } }, [], false]
  ])("%s", async (_, options, argv, expected) => {
    using clouds = simulatedClouds()
    const { stdout } = await clouds.runWith(options, "offers", "h100", ...argv)
    expect(colored(stdout)).toBe(expected)
  })
})
