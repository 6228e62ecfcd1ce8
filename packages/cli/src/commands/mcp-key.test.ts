import { describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"
import { answerOf, errorOf, mcpSession } from "../testing/mcp.ts"

/** Everything that was ever made on all clouds. */
const machinesOf = ({ simulators }: ReturnType<typeof simulatedClouds>) =>
  Object.values(simulators).flatMap((simulator) => simulator.truth())

describe("launch of an agent with a key", () => {
  const job = { gpu: "RTX 4090", for: "2h", name: "trainer", image: "ubuntu:24.04", key: "run-1" }

  test("with other wishes is a Conflict, with the same ones the machine, in every session", async () => {
    using clouds = simulatedClouds()
    const session = await mcpSession(clouds, ["--allow-spend", "20"])
    const first = answerOf(await session.call("launch", { ...job, env: { A: "1" } }))
    const others = [
      { name: "other" },
      { image: "ubuntu:22.04" },
      { gpu: "h100" },
      { env: { B: "1" } },
      { ports: [{ port: 8000 }] },
      { country: "AQ" },
      { offer: "vast/container/1" },
      { interruptible: true, bid: "9" },
      { onStart: "echo" }
    ]
    const second = await mcpSession(clouds, ["--allow-spend", "20"])
    for (const other of others) {
      for (const one of [session, second]) {
        const { error } = errorOf(await one.call("launch", { ...job, env: { A: "1" }, ...other }))
        expect({ other, tag: error.tag }).toEqual({ other, tag: "Conflict" })
      }
    }
    const again = answerOf(await second.call("launch", { ...job, env: { A: "2" } }))
    expect(again).toMatchObject({ quote: null, endsAt: null, machine: { ref: first.machine.ref } })
    expect(machinesOf(clouds)).toHaveLength(1)
    await session.end()
    await second.end()
  })

  test("answers what the command has launched under it", async () => {
    using clouds = simulatedClouds()
    const argv = ["launch", "rtx 4090", "--image", job.image, "--name", job.name, "--key", job.key, "--yes", "--json"]
    const { machine } = JSON.parse((await clouds.run(...argv)).stdout)
    const session = await mcpSession(clouds, ["--allow-spend", "20"])
    expect(answerOf(await session.call("launch", job)).machine.ref).toBe(machine.ref)
    await session.end()
    expect(JSON.parse((await clouds.run(...argv)).stdout).machine.ref).toBe(machine.ref)
  })

  test("several times at once rents once, and sets money aside once", async () => {
    using clouds = simulatedClouds()
    const session = await mcpSession(clouds, ["--allow-spend", "2"])
    const answers = (await Promise.all([1, 2, 3].map(() => session.call("launch", job)))).map(answerOf)
    expect(new Set(answers.map(({ machine }) => machine.ref)).size).toBe(1)
    const [quoted] = answers.filter(({ quote }) => quote !== null)
    const total = Number(quoted?.quote.cost.total.amount)
    // Two of it are more than the limit.
    expect(total * 2).toBeGreaterThan(2)
    expect(machinesOf(clouds)).toHaveLength(1)
    await session.end()
  })
})
