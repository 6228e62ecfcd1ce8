import { expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"
import { answerOf, errorOf, mcpSession } from "../testing/mcp.ts"

const job = { for: "2h", name: "trainer", image: "docker.io/library/nginx:1.25", ports: [{ port: 8000 }] }

/** A machine of one cloud's containers that is ready, and the session that rented it. */
const rented = async (clouds: ReturnType<typeof simulatedClouds>, cloud: string) => {
  const session = await mcpSession(clouds, ["--allow-spend", "20", "--cloud", cloud])
  const { machine } = answerOf(await session.call("launch", { ...job, gpu: "RTX 4090" }))
  await clouds.clock.advance(900_000)
  return { session, ref: machine.ref as string }
}

test("an agent renames, restarts and changes what runs", async () => {
  using clouds = simulatedClouds()
  const { session, ref } = await rented(clouds, "vast")
  expect(answerOf(await session.call("rename", { ref, name: "evaluator" })).machine.name).toBe("evaluator")
  expect(answerOf(await session.call("restart", { ref: "evaluator" })).machine.ref).toBe(ref)
  await clouds.clock.advance(900_000)
  expect(answerOf(await session.call("show", { ref }))).toMatchObject({ name: "evaluator", ready: true })
  await session.call("terminate", { ref })
  await session.end()
})

test("an update replaces what is given, and says what a cloud cannot", async () => {
  using clouds = simulatedClouds()
  const { session, ref } = await rented(clouds, "fluence")
  const changed = await session.call("update", { ref, image: "docker.io/library/nginx:1.27", env: { LOG: "debug" } })
  expect(answerOf(changed).machine.ref).toBe(ref)
  const sent = clouds.simulators.fluence.requests().findLast(({ method }) => method === "PUT")
  expect(JSON.stringify(sent?.body)).toContain("nginx:1.27")
  expect(errorOf(await session.call("update", { ref })).error).toMatchObject({ tag: "InvalidRequest" })
  expect(errorOf(await session.call("update", { ref, ports: [{ port: 1 }] })).error.tag).toBe("Unsupported")
  expect(errorOf(await session.call("restart", { ref })).error.tag).toBe("Unsupported")
  expect((await session.call("update", { ref, registry: { password: "x" } })).isError).toBe(true)
  await session.call("terminate", { ref })
  await session.end()
})
