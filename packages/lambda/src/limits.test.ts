import { adapterContext } from "@anygpu/conformance"
import { fetchTransport } from "@anygpu/core/adapter"
import { createLambdaSimulator } from "@anygpu/simulators"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { publicKey } from "./cloud.test-support.ts"
import { lambda } from "./index.ts"

test("a program that launches several machines at once is never refused for asking too often", async () => {
  const simulator = createLambdaSimulator()
  const { run } = adapterContext(simulator.clock)
  const { vms } = lambda({ apiKey: simulator.apiKey, transport: fetchTransport(simulator.fetch) }).kinds
  const [offer] = (await run(vms.offers())).items
  if (!offer) throw new Error("no offer")
  const launches = [1, 2, 3].map((count) => vms.launch({ offer, name: `job-${count}`, sshKeys: [publicKey] }))
  const machines = await run(Effect.all(launches, { concurrency: "unbounded" }))
  await run(
    Effect.all(
      machines.map(({ ref }) => vms.terminate(ref)),
      { concurrency: "unbounded" }
    )
  )
  expect(simulator.machines().map(({ state }) => state)).toEqual(["terminated", "terminated", "terminated"])
  expect(simulator.requests().filter(({ status }) => status !== 200)).toEqual([])
  const sent = simulator.requests().filter(({ path }) => path.endsWith("/launch"))
  const gaps = sent.slice(1).map(({ at }, index) => at - (sent[index]?.at ?? 0))
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(12_000)
})
