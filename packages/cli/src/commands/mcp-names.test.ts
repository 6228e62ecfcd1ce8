import { expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"
import { answerOf, errorOf, mcpSession } from "../testing/mcp.ts"

test("an agent names machines whole, also where it only reads, and is not taken to another one", async () => {
  using clouds = simulatedClouds()
  const [one, ten] = [await clouds.rent("job-1"), await clouds.rent("job-10")]
  const session = await mcpSession(clouds, ["--allow-spend", "20"])
  for (const tool of ["terminate", "stop", "start", "restart", "show", "logs", "cost"]) {
    const { error } = errorOf(await session.call(tool, tool === "cost" ? { what: "job" } : { ref: "job" }))
    expect({ tool, tag: error.tag }).toEqual({ tool, tag: "NotFound" })
    expect(error.message).toContain(String(ten.ref))
  }
  for (const name of ["rename", "update"]) {
    const more = name === "rename" ? { name: "x" } : { image: "a/b" }
    expect(errorOf(await session.call(name, { ref: "job-", ...more })).error.tag).toBe("NotFound")
  }
  expect(answerOf(await session.call("terminate", { ref: "job-1" }))).toMatchObject({ alreadyGone: false })
  for (const ref of ["job-1", one.ref.id, String(one.ref)]) {
    const again = answerOf(await session.call("terminate", { ref }))
    expect(again).toMatchObject({ ref: String(one.ref), alreadyGone: true })
  }
  const { error } = errorOf(await session.call("terminate", { ref: "vast/container/999" }))
  expect(error).toMatchObject({ tag: "NotFound", message: expect.stringContaining("No such machine is known here") })
  expect(answerOf(await session.call("show", { ref: "job-1" }))).toMatchObject({ status: "terminated" })
  const alive = clouds.simulators.vast.truth().filter(({ isAlive }) => isAlive)
  expect(alive.map(({ id }) => id)).toEqual([ten.ref.id])
  await session.end()
})
