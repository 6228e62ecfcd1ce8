import { setImmediate } from "node:timers/promises"
import { ordersShape } from "@anygpu/operations/protocol"
import { expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"

type Clouds = ReturnType<typeof simulatedClouds>

const pool = ["pool", "workers", "--gpu", "RTX 4090", "--cloud", "vast", "--image", "me/worker", "--no-ssh-key"]
const kept = [...pool, "--kept", "--max-all-per-hour", "5", "--yes"]

const aliveOf = ({ simulators }: Clouds) =>
  Object.values(simulators)
    .flatMap((simulator) => simulator.truth())
    .filter(({ isAlive }) => isAlive)

const orderOf = async (clouds: Clouds) =>
  ordersShape.parse(JSON.parse((await clouds.run("orders", "pool:workers", "--json")).stdout)).orders[0]

/** Runs a keeper until something is so. */
const keeping = async (clouds: Clouds, isDone: () => Promise<boolean>) => {
  const stop = new AbortController()
  const running = clouds.runWith({ signal: stop.signal }, "keeper")
  while (!(await isDone())) await setImmediate()
  stop.abort()
  await running
}

test("anygpu pool --kept is kept by a keeper, and ended by it with a size of 0", async () => {
  using clouds = simulatedClouds()
  const written = await clouds.run(...kept, "--size", "2", "--json")
  expect([written.code, aliveOf(clouds)]).toEqual([0, []])
  expect(JSON.parse(written.stdout)).toMatchObject({ what: "pool", state: "queued", clouds: ["vast"] })
  await keeping(clouds, async () => (await orderOf(clouds))?.state === "queued" && aliveOf(clouds).length === 2)
  expect((await clouds.run("orders")).stdout).toContain("workers")
  const ended = await clouds.run("pool", "workers", "--size", "0", "--kept", "--yes")
  expect(ended.code).toBe(0)
  await keeping(clouds, async () => (await orderOf(clouds))?.state === "cancelled")
  expect(aliveOf(clouds)).toEqual([])
})

test.each([
  [[...kept, "--size", "1", "--every", "1m"], "every"],
  [[...pool, "--size", "1", "--yes", "--secret-env", "A"], "needs --kept"],
  [[...pool, "--size", "1", "--yes", "--kept"], "budget"]
])("%j is refused, and nothing is written", async (args, text) => {
  using clouds = simulatedClouds()
  const { code, stderr } = await clouds.run(...args)
  expect(code).not.toBe(0)
  expect(stderr).toContain(text)
  expect((await clouds.run("orders")).stdout).toContain("No orders.")
})
