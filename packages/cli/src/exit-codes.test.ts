import { Declined } from "@anygpu/operations"
import { errorJson, exitCodeOf, exitCodes } from "@anygpu/operations/failure"
import { errorShape } from "@anygpu/operations/protocol"
import * as anygpu from "anygpu"
import { describe, expect, test } from "vitest"
import { commands } from "./commands/index.ts"
import { errorText } from "./failure.ts"
import { answers } from "./json/answers.ts"
import { Usage } from "./own-errors.ts"

const { InstanceRef, InvalidRequest, LaunchUnsettled, NoCapacity, OutOfFunds } = anygpu

/** The tags of the SDK's errors, of which every thrown one is. */
const tags: ReadonlyArray<string> = Object.entries(anygpu).flatMap(([name, value]) =>
  typeof value === "function" && value.prototype instanceof Error ? [name] : []
)

describe("exit codes", () => {
  test("each error of the SDK has exactly one", () => {
    expect(tags.length).toBeGreaterThan(13)
    const covered = Object.values(exitCodes).flatMap((entry): ReadonlyArray<string> => entry.tags)
    for (const tag of [...tags, "Usage", "Declined"]) expect(covered.filter((one) => one === tag)).toEqual([tag])
  })

  test("no two classes share one", () => {
    const codes = Object.values(exitCodes).map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
  })

  test("a machine that may be left goes before everything else", () => {
    const leftovers = [new InstanceRef("vast", "container", "42")]
    const error = new OutOfFunds({ message: "no money", retry: "permanent", leftovers })
    expect(exitCodeOf(error, true)).toBe(12)
    expect(errorText(error, false)).toBe(
      "no money\nMay still cost money: vast/container/42. End it with: anygpu terminate vast/container/42"
    )
    expect(errorShape.strict().parse(errorJson(error, false)).leftovers).toEqual(["vast/container/42"])
  })

  test.each([
    [new NoCapacity({ message: "gone", retry: "permanent" }), false, 6],
    [new LaunchUnsettled({ message: "?", retry: "temporary", marker: "ag1" }), false, 12],
    [new Usage("wrong"), false, 2],
    [new Declined("no"), false, 20],
    [new DOMException("Interrupted.", "AbortError"), true, 130],
    [new TypeError("a bug of ours"), false, 1],
    ["thrown text", false, 1]
  ])("%s ends with its code", (error, interrupted, code) => {
    expect(exitCodeOf(error, interrupted)).toBe(code)
    expect(errorShape.strict().parse(errorJson(error, interrupted)).exitCode).toBe(code)
  })

  test("all wrong values are named by their options", () => {
    const error = InvalidRequest.all([
      { path: "gpu[1]", problem: "is empty" },
      { path: "maxTotal", problem: "is less than nothing" }
    ])
    expect(errorText(error, false)).toBe("--gpu: is empty\n--max-total: is less than nothing")
  })
})

test("what each command prints with --json is documented", async () => {
  const all = await answers()
  const others = new Set(["completion", "mcp", "doctor"])
  const documented = commands.filter(({ name }) => all[name] !== undefined).map(({ name }) => name)
  expect(documented).toEqual(
    expect.arrayContaining(commands.map(({ name }) => name).filter((name) => !others.has(name)))
  )
  expect(Object.keys(all).sort()).toEqual([...documented].sort())
})

test("a refusal of a cloud, which names no option, is shown as its message", () => {
  const problem = "Operating system is not valid for this instance type"
  const message = `createInstance: the cloud answered 400 (${problem}): change the request`
  const error = new InvalidRequest({ message, retry: "permanent", issues: [{ path: "", problem }] })
  expect(errorText(error, false)).toBe(message)
})
