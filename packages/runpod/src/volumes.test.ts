import { adapterContext } from "@anygpu/conformance"
import { existing, formatMoney, type Offer } from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import { createRunpodSimulator } from "@anygpu/simulators"
import { describe, expect, it, test } from "vitest"
import { runpod } from "./index.ts"
import { networkPerHour } from "./volumes.ts"

/** A simulated Runpod with a network volume in one of its data centres. */
const account = async () => {
  const simulator = createRunpodSimulator({ credit: 1000 })
  const { run, fails } = adapterContext(simulator.clock)
  const { kinds, native } = runpod({ apiKey: simulator.apiKey, transport: fetchTransport(simulator.fetch) })
  const { containers } = kinds
  const body = { name: "datasets", size: 2000, dataCenter: "EU-RO-1", type: "STANDARD" } as const
  await run(native.createNetworkVolume({ body }))
  const [volume] = (await run(containers.volumes())).items
  if (!volume) throw new Error("no volume")
  const offers = (await run(containers.offers({ gpu: "RTX 4090" }))).items
  const offerIn = (region: string): Offer<"runpod", "container"> => {
    const offer = offers.find(({ id, location }) => location.region === region && !id.includes("+"))
    if (!offer) throw new Error(`no offer in ${region}`)
    return offer
  }
  const spec = (region: string) => ({ offer: offerIn(region), name: "job", image: "a/b", ports: [{ port: 80 }] })
  return { run, fails, containers, native, simulator, volume, spec }
}

describe("a network volume", () => {
  it("is listed with its place, its price and the pods that have it", async () => {
    const { volume } = await account()
    expect(volume).toMatchObject({
      ...{ provider: "runpod", name: "datasets", type: "STANDARD", attachedTo: [] },
      location: { region: "EU-RO-1", country: "RO" }
    })
    // 1000 GB at $0.07 and 1000 GB at $0.05, for 720 hours.
    expect(volume.pricePerHour && formatMoney(volume.pricePerHour)).toBe("$0.166667")
  })

  it("is attached at a launch in its data centre, and named when the pod is gone", async () => {
    const { run, containers, volume, spec, simulator } = await account()
    const { ref } = await run(containers.launch({ ...spec("EU-RO-1"), attach: [existing(volume, "/data")] }))
    const [sent] = simulator.requests().filter(({ method, path }) => method === "POST" && path === "/v2/pods")
    expect(sent?.body).toMatchObject({ mounts: { network: [{ volumeId: volume.id, path: "/data" }] } })
    expect((await run(containers.volumes())).items).toMatchObject([{ attachedTo: [ref.id] }])
    const { leftovers } = await run(containers.terminate(ref))
    expect(leftovers).toEqual([
      `The network volume "datasets" (${volume.id}, EU-RO-1) is on no pod and goes on costing $0.166667 per hour: delete it if nobody needs it`
    ])
  })

  it("in another data centre is refused before any request", async () => {
    const { fails, containers, volume, spec, simulator } = await account()
    const before = simulator.requests().length
    const error = await fails(containers.launch({ ...spec("US-KS-2"), attach: [existing(volume)] }))
    expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "attach[0]" }] })
    expect(error.message).toContain("take an offer in EU-RO-1")
    expect(simulator.requests()).toHaveLength(before)
  })

  it("goes together with no disk of the host, and there is one of it", async () => {
    const { fails, containers, volume, spec } = await account()
    const attach = [existing(volume)]
    const volumes = [{ name: "data", sizeMiB: 20_480 }]
    for (const wrong of [{ attach, volumes }, { attach: [...attach, { ...existing(volume), id: "other" }] }]) {
      const error = await fails(containers.launch({ ...spec("EU-RO-1"), ...wrong }))
      expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "attach" }] })
    }
  })
})

test.each([
  [{ size: 50, type: "STANDARD" }, "$0.004862"],
  [{ size: 50, type: "HIGH_PERFORMANCE" }, null],
  [{ size: 50, type: undefined }, null],
  [{ size: null, type: "STANDARD" }, null]
])("the price of %o", (volume, price) => {
  const perHour = networkPerHour(volume)
  expect(perHour && formatMoney(perHour)).toBe(price)
})
