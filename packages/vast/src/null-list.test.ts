import { describe, expect, it } from "vitest"
import { scripted } from "./cloud.test-support.ts"

describe("a null in place of a list", () => {
  it.each([{ instances: null }, { success: true, instances: null }])(
    "%j is the answer about one machine, and no empty account",
    async (json) => {
      const { cloud, fails } = scripted({ json })
      expect(await fails(cloud.containers.list())).toMatchObject({ _tag: "BadResponse" })
    }
  )

  it.each([
    { instances: null, next_token: null },
    { instances: null, total_instances: 0 },
    { instances: null, instances_found: 0 }
  ])("%j is an empty account: it has something that only lists have", async (json) => {
    const { cloud, run } = scripted({ json })
    expect(await run(cloud.containers.list())).toMatchObject({ items: [], complete: true })
  })
})
