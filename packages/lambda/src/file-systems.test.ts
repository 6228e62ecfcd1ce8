import { adapterContext } from "@anygpu/conformance"
import { existing } from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import { createLambdaSimulator } from "@anygpu/simulators"
import { describe, expect, it } from "vitest"
import { publicKey } from "./cloud.test-support.ts"
import { lambda } from "./index.ts"

/** A simulated Lambda with a file system in one of its regions. */
const account = async () => {
  const simulator = createLambdaSimulator()
  const { run, fails } = adapterContext(simulator.clock)
  const { kinds, native } = lambda({ apiKey: simulator.apiKey, transport: fetchTransport(simulator.fetch) })
  const { vms } = kinds
  await run(native.createFilesystem({ body: { name: "datasets", region: "us-west-1" } }))
  const [volume] = (await run(vms.volumes())).items
  if (!volume) throw new Error("no file system")
  const offers = (await run(vms.offers({ gpu: "A10" }))).items
  const spec = (region: string) => {
    const offer = offers.find(({ location }) => location.region === region)
    if (!offer) throw new Error(`no offer in ${region}`)
    return { offer, name: "job", sshKeys: [publicKey] }
  }
  const launches = () => simulator.requests().filter(({ path }) => path.endsWith("/launch"))
  return { run, fails, vms, simulator, volume, spec, launches }
}

describe("a file system", () => {
  it("is listed with its place, and without a size or a price", async () => {
    const { volume } = await account()
    expect(volume).toMatchObject({
      ...{ provider: "lambda", name: "datasets", sizeMiB: null, pricePerHour: null, attachedTo: [] },
      location: { region: "us-west-1", country: "US" }
    })
  })

  it.each([
    [undefined, "/lambda/nfs/datasets"],
    ["/data/sets", "/data/sets"]
  ])("is mounted at %s in its region, and named when the machine is gone", async (path, mount_point) => {
    const { run, vms, volume, spec, simulator, launches } = await account()
    const { ref } = await run(vms.launch({ ...spec("us-west-1"), attach: [existing(volume, path)] }))
    expect(launches()[0]?.body).toMatchObject({ file_system_mounts: [{ mount_point, file_system_id: volume.id }] })
    expect((await run(vms.volumes())).items).toMatchObject([{ attachedTo: [ref.id] }])
    simulator.fillFileSystem("datasets", 1_073_741_824)
    expect((await run(vms.terminate(ref))).leftovers).toEqual([
      `The file system "datasets" in us-west-1 with 1.0 GiB (${volume.id}) is used by no machine and goes on costing by what it stores: delete it if nobody needs it`
    ])
  })

  it("in another region is refused before anything is rented, whether the launch names its region or not", async () => {
    const { fails, vms, volume, spec, launches } = await account()
    for (const region of [volume.location.region, null]) {
      const attach = [{ ...existing(volume), region }]
      const error = await fails(vms.launch({ ...spec("us-east-1"), attach }))
      expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "attach[0]" }] })
      expect(error.message).toContain("take an offer in us-west-1")
    }
    expect(launches()).toEqual([])
  })

  it("that is not there, or cannot be mounted there, is refused before anything is rented", async () => {
    const { fails, vms, volume, spec, launches } = await account()
    const unknown = await fails(vms.launch({ ...spec("us-west-1"), attach: [{ ...existing(volume), id: "none" }] }))
    expect(unknown.message).toContain('"none" is no file system of this account')
    const elsewhere = await fails(vms.launch({ ...spec("us-west-1"), attach: [existing(volume, "/etc")] }))
    expect(elsewhere).toMatchObject({ issues: [{ path: "attach[0].path" }] })
    expect(launches()).toEqual([])
  })
})
