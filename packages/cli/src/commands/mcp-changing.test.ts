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

test("an agent puts a key on the accounts and takes it away", async () => {
  using clouds = simulatedClouds()
  const session = await mcpSession(clouds, ["--allow-spend", "20", "--cloud", "vast"])
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJqfYyTq6JXc2TCL1vBiP6c9u0g6WwfEAf1FhMqV4nYb me@laptop"
  const [added] = answerOf(await session.call("add-key", { key })).keys
  expect(added).toMatchObject({ provider: "vast", publicKey: expect.stringContaining("AAAAC3NzaC1lZDI1NTE5") })
  expect(answerOf(await session.call("keys")).keys).toMatchObject([{ ref: added.ref }])
  expect(errorOf(await session.call("add-key", { key: "~/.ssh/id_ed25519.pub" })).error.tag).toBe("InvalidRequest")
  expect(answerOf(await session.call("remove-key", { key: added.ref })).keys).toMatchObject([{ ref: added.ref }])
  expect(answerOf(await session.call("keys")).keys).toEqual([])
  await session.end()
})

test("an agent sweeps what has run out, and settles what was cut off", async () => {
  using clouds = simulatedClouds()
  const launched = await clouds.run(
    ...[
      "launch",
      "RTX 4090",
      "--cloud",
      "vast",
      "--image",
      "ubuntu:24.04",
      "--ttl",
      "1h",
      "--no-wait",
      "--yes",
      "--json"
    ]
  )
  const { ref } = JSON.parse(launched.stdout).machine
  const session = await mcpSession(clouds, ["--allow-spend", "20"])
  expect(answerOf(await session.call("sweep"))).toMatchObject({ ended: [], kept: [{ ref }] })
  await clouds.clock.advance(2 * 3_600_000)
  expect(answerOf(await session.call("sweep"))).toMatchObject({ ended: [{ ref, alreadyGone: false }], kept: [] })
  expect(answerOf(await session.call("recover"))).toMatchObject({ adopted: [], absent: [], unsettled: [], late: [] })
  await session.end()
})
