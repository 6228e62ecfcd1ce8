import { clouds as listed } from "@anygpu/clouds"
import { matchGpu } from "anygpu"
import { sqliteLedger } from "anygpu/sqlite"
import { runPromise } from "effect/Effect"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { commands } from "../commands/index.ts"
import { simulatedClouds } from "../testing/clouds.ts"
import { runIn } from "../testing/terminal.ts"
import { keptByBash, lineOf } from "./line.ts"

const complete = async (...words: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const { code, stdout, stderr } = await runIn({}, "__complete", "fish", ...words)
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
  return stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split("\t")[0] ?? "")
}

describe("what may stand at the cursor", () => {
  test.each([
    [["off"], ["offers"]],
    [["--no-"], ["--no-input", "--no-color"]],
    [
      ["offers", "--min-v"],
      ["--min-vram", "--min-vcpus"]
    ],
    [["offers", "--cloud", ""], listed.map(({ name }) => name)],
    [["offers", "--cloud", "va"], ["vast"]],
    [["offers", "--cloud=va"], ["--cloud=vast"]],
    [["offers", "--cloud", "vast,"], listed.flatMap(({ name }) => (name === "vast" ? [] : [`vast,${name}`]))],
    [["offers", "--cloud", "vast", "--lim"], ["--limit"]],
    [
      ["--json", "offers", "--gpu", "h100-"],
      ["h100-sxm", "h100-pcie", "h100-nvl"]
    ],
    [
      ["offers", "H10"],
      ["h100", "h100-sxm", "h100-pcie", "h100-nvl"]
    ],
    [["help", "doc"], ["doctor"]],
    [["help", "doctor", ""], []],
    [["completion", "z"], ["zsh"]],
    [["--config", "x"], [":files"]],
    [["offers", "--config=x"], [":files"]],
    [["keys", "add", "k"], [":files"]],
    [["offers", "--limit", ""], []],
    [["--limit", "list", ""], []],
    [["nonsense", ""], []],
    [["ssh", "trainer", "--", "nvi"], []]
  ])("%j", async (words, expected) => {
    expect(await complete(...words)).toEqual(expected)
  })

  test("every command with its summary, and none of its options twice", async () => {
    const { stdout } = await runIn({}, "__complete", "zsh", "")
    for (const { name, summary } of commands) expect(stdout).toContain(`${name}\t${summary}\n`)
    expect(await complete("list", "--json", "--j")).toEqual([])
    expect(await complete("list", "-q", "--qui")).toEqual([])
    expect(await complete("list", "--cloud", "vast", "--clo")).toEqual(["--cloud"])
  })

  test("every GPU by a name that the clouds are asked for", async () => {
    const names = await complete("offers", "")
    expect(names.length).toBeGreaterThan(50)
    for (const name of names) {
      expect(matchGpu(name), name).toMatchObject({ _tag: "Success" })
      expect(name).toMatch(/^[\w.+-]+$/)
    }
  })

  test("the machines of the ledger that are not gone, without a request", async () => {
    using clouds = simulatedClouds()
    const machine = await clouds.rent("trainer")
    const sent = clouds.simulators.vast.requests().length
    const words = ["__complete", "zsh", "ssh", ""]
    expect((await clouds.run(...words)).stdout).toBe(`${machine.ref}\ttrainer\n`)
    expect((await clouds.run("__complete", "zsh", "--ledger", `${clouds.folder}/none.db`, "ssh", "")).stdout).toBe("")
    expect(clouds.simulators.vast.requests()).toHaveLength(sent)
    using ledger = sqliteLedger(clouds.env.ANYGPU_LEDGER)
    await runPromise(ledger.gone(machine.ref, clouds.clock.now()))
    expect((await clouds.run(...words)).stdout).toBe("")
  })
})

describe("a line of bash", () => {
  test.each([
    ["anygpu off", [], "off"],
    ["anygpu offers ", ["offers"], ""],
    ["anygpu offers --gpu 'RTX 40", ["offers", "--gpu"], "RTX 40"],
    ['anygpu launch --name "a b" --os x\\ y', ["launch", "--name", "a b", "--os"], "x y"],
    ["anygpu list --cloud=va", ["list"], "--cloud=va"],
    ["anygpu x\\ ", [], "x "]
  ])("%s", (text, before, current) => {
    expect(lineOf(text)).toEqual({ before, current })
  })

  test("is read back as it was quoted", () => {
    const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`
    fc.assert(
      fc.property(fc.array(fc.string()), fc.string(), (before, current) => {
        const text = ["anygpu", ...before.map(quote), quote(current)].join(" ")
        expect(lineOf(text)).toEqual({ before, current })
      })
    )
  })

  test("bash keeps what stands before its own breaks", () => {
    expect(["--cloud=va", "fluence/container/4e86@D", "plain"].map(keptByBash)).toEqual([8, 23, 0])
  })
})
