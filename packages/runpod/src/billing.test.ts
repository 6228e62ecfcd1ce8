import { adapterContext } from "@anygpu/conformance"
import { fetchTransport } from "@anygpu/core/adapter"
import { createClock, createRunpodSimulator } from "@anygpu/simulators"
import { expect, test } from "vitest"
import { runpod } from "./index.ts"

const day = 86_400_000

/** A simulated Runpod that begins at midnight, an hour before which nothing is charged. */
const account = () => {
  const simulator = createRunpodSimulator({
    credit: 1000,
    clock: createClock({ start: new Date("2026-05-31T23:00:00Z") })
  })
  const { native } = runpod({ apiKey: simulator.apiKey, transport: fetchTransport(simulator.fetch) })
  return { ...adapterContext(simulator.clock), simulator, native }
}

test("what pods and volumes cost is shown by time, and comes to what they were charged", async () => {
  const { run, simulator, native } = account()
  await simulator.clock.sleep(3_600_000)
  const id = simulator.addMachine({ name: "a", mounts: { persistent: { size: 20, path: "/w" } } })
  const volume = simulator.addDisk("EU-RO-1")
  await simulator.clock.sleep(1.5 * day)
  simulator.stopOutside(id)
  await simulator.clock.sleep(0.5 * day)

  const pods = await run(native.listPodBilling({ query: { podId: id } }))
  expect(pods.records.map(({ startTime }) => startTime)).toEqual([
    "2026-06-01T00:00:00.000Z",
    "2026-06-02T00:00:00.000Z"
  ])
  const [first, second] = pods.records
  // An RTX 4090 for 24 and for 12 hours, at $0.44; the rest of the second day its volume of 20 GB at twice its price.
  expect([first?.gpuAmount, second?.gpuAmount]).toEqual([10.56, 5.28])
  expect(first?.diskAmount).toBeCloseTo((0.1 * 40 * 24) / 720, 6)
  expect(second?.diskAmount).toBeCloseTo((0.1 * 40 * 12) / 720 + (0.2 * 20 * 12) / 720, 6)
  const spent = simulator.machines().find((pod) => pod.id === id)?.spent
  expect(pods.metadata?.totals?.totalAmount).toBeCloseTo(spent ?? Number.NaN, 6)

  const query = { startTime: "2026-06-01T12:00:00Z", bucketSize: "week" } as const
  const disks = await run(native.listNetworkVolumeBilling({ query: { ...query, networkVolumeId: volume } }))
  expect(disks.records).toMatchObject([{ networkVolumeId: volume, startTime: "2026-06-01T00:00:00.000Z" }])
  expect(disks.metadata?.totals?.totalAmount).toBeCloseTo((0.07 * 100 * 48) / 720, 6)
  const all = await run(native.listBilling({ query: { lastN: 2 } }))
  expect(all.metadata?.totals?.totalAmount).toBeCloseTo(
    (spent ?? 0) - (first?.totalAmount ?? 0) + (0.07 * 100 * 24) / 720,
    6
  )
})

test("both ways to say the time at once are refused", async () => {
  const { fails, native } = account()
  const error = await fails(native.listBilling({ query: { lastN: 1, startTime: "2026-06-01T00:00:00Z" } }))
  expect(error).toMatchObject({ _tag: "InvalidRequest" })
})
