import { adapterContext } from "@anygpu/conformance"
import { waitUntilReady } from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import { createVerdaSimulator, type VerdaSimulatorOptions } from "@anygpu/simulators"
import { publicKey } from "./cloud.test-support.ts"
import { verda } from "./index.ts"

/** A simulated Verda with credit, the adapter on it, and what was sent. */
export const rented = (options: VerdaSimulatorOptions = {}) => {
  const simulator = createVerdaSimulator({ credit: 1000, ...options })
  const { apiKey, clock } = simulator
  const cloud = verda({ clientId: apiKey, clientSecret: apiKey, transport: fetchTransport(simulator.fetch) })
  const { vms } = cloud.kinds
  const { run, fails } = adapterContext(clock)
  const launch = async (more: object = {}, filter: object = {}) => {
    const { items } = await run(vms.offers({ gpu: "H100", gpuCount: 1, ...filter }))
    const [offer] = items
    if (!offer) throw new Error("no offer")
    const { ref } = await run(vms.launch({ offer, name: "mine", os: "ubuntu-24.04", sshKeys: [publicKey], ...more }))
    await run(waitUntilReady(vms, ref))
    return ref
  }
  const sent = (method: string, path: RegExp) =>
    simulator.requests().filter((request) => request.method === method && path.test(request.path))
  const logins = () => sent("POST", /oauth2/).map(({ body }) => (body as { grant_type: string }).grant_type)
  const kept = async () =>
    (await run(cloud.native.listVolumes({ query: {} }))) as ReadonlyArray<{ name: string; status: string }>
  return { simulator, cloud, vms, run, fails, launch, sent, logins, kept, clock }
}
