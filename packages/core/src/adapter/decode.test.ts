import * as Exit from "effect/Exit"
import { describe, expect, test } from "vitest"
import * as z from "zod"
import { cloud, failure, run } from "./fake-cloud.test-support.ts"

describe("rows", () => {
  const row = z.object({ id: z.number(), gpu: z.object({ name: z.string() }).nullish() })
  const at = { part: "instances", operation: "list", kind: "container" } as const

  test("good rows stay, each bad one is a problem with its path", async () => {
    const { caller } = cloud([{}])
    const raw = [{ id: 1 }, { id: "x" }, { id: 3, gpu: { name: 4 } }, null]
    const exit = await run(caller.rows(row, raw, at))
    const { rows, problems } = Exit.isSuccess(exit) ? exit.value : { rows: [], problems: [] }
    expect(rows).toEqual([{ id: 1 }])
    expect(problems.map(({ part, kind, error }) => [part, kind, "path" in error && error.path])).toEqual([
      ["instances[1]", "container", "instances[1].id"],
      ["instances[2]", "container", "instances[2].gpu.name"],
      ["instances[3]", "container", "instances[3]"]
    ])
    expect(problems[0]?.error).toMatchObject({ provider: "vast", operation: "list", kind: "container" })
  })

  test("what is no list fails", async () => {
    const { caller } = cloud([{}])
    const error = await failure(caller.rows(row, { id: 1 }, at))
    expect(error).toMatchObject({ _tag: "BadResponse", path: "instances", provider: "vast" })
  })
})
