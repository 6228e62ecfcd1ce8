/** How to test code of your own that rents machines: on a simulated cloud, in no time, with faults at will. */
import { createVastSimulator } from "@anygpu/simulators"
import { fetchTransport, vast } from "@anygpu/vast"
import { createGpu, type GpuClient } from "anygpu"
import { expect, it } from "vitest"

/** The code under test: rents the cheapest machine of a kind, and gives it back when it does not come up. */
const rent = async (gpu: Pick<GpuClient, "offers" | "rent" | "waitUntilReady" | "terminate">, model: string) => {
  const [offer] = await gpu.offers({ kind: "container", gpu: model, limit: 1 })
  if (!offer) throw new Error(`no ${model} on the market`)
  const machine = await gpu.rent({ offer, name: "job", image: "ubuntu:24.04" })
  try {
    return await gpu.waitUntilReady(machine.ref)
  } catch (error) {
    await gpu.terminate(machine.ref)
    throw error
  }
}

const simulated = () => {
  const simulator = createVastSimulator()
  const cloud = vast({ apiKey: simulator.apiKey, transport: fetchTransport(simulator.fetch) })
  return { simulator, gpu: createGpu({ clouds: [cloud], clock: simulator.clock }) }
}

it("rents a machine that can be reached", async () => {
  const { gpu } = simulated()
  expect((await rent(gpu, "RTX 3090")).endpoints.ssh[0]?.command).toMatch(/^ssh /)
})

it("leaves nothing behind when the machine does not come up", async () => {
  const { gpu, simulator } = simulated()
  const failing = rent(gpu, "RTX 3090")
  while (simulator.machines().length === 0) await simulator.clock.sleep(100)
  simulator.failBoot(Number(simulator.machines()[0]?.id))
  await expect(failing).rejects.toThrow(/failed/)
  expect(simulator.machines().filter(({ alive }) => alive)).toEqual([])
})
