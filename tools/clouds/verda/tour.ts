import { fetchTransport } from "../../../packages/core/src/adapter/index.ts"
import { createGpu } from "../../../packages/sdk/src/index.ts"
import { createClock, createVerdaSimulator } from "../../../packages/simulators/src/index.ts"
import { verda } from "../../../packages/verda/src/index.ts"
import { openNotebook, type Reached } from "../../docs/notebook.ts"

const key = (body: string) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${body.padEnd(43, "x")} tour`

/** Uses every common operation once on a simulated Verda, and notes the requests that each one sent. */
export const tour = async (): Promise<Reached> => {
  const clock = createClock()
  const simulator = createVerdaSimulator({ seed: 3, clock, credit: 100 })
  const { apiKey } = simulator
  const transport = fetchTransport(simulator.fetch)
  const gpu = createGpu({ clouds: [verda({ clientId: apiKey, clientSecret: apiKey, transport })], clock })
  const { vms } = gpu.clouds.verda
  const { reached, note } = openNotebook(simulator)

  const [offer] = await note("offers", () => vms.offers())
  await note("offers", () => vms.offers({ interruptible: true }))
  if (!offer) throw new Error("the simulated market has too little for the tour")

  const spec = { offer, name: "tour", os: "Ubuntu 24.04", sshKeys: [key("first")] }
  const { ref } = await note("launch", () => vms.launch(spec))
  await note("get", () => vms.get(ref))
  await note("waitUntilReady", () => gpu.waitUntilReady(ref))
  await note("list", () => vms.list())
  await note("events", () => vms.events(ref))
  await note("stop", () => vms.stop(ref))
  await gpu.waitFor(ref, "stopped")
  await note("start", () => vms.start(ref))
  await gpu.waitUntilReady(ref)
  const added = await note("addSshKey", () => vms.addSshKey(key("second")))
  await note("sshKeys", () => vms.sshKeys())
  await note("removeSshKey", () => vms.removeSshKey(added.id))
  await note("images", () => vms.images())
  await note("balance", () => vms.balance())
  await note("volumes", () => vms.volumes())
  simulator.revokeTokens()
  await note("terminate", () => vms.terminate(ref))

  simulator.fault({ on: { method: "POST", path: "/v1/instances" }, do: { kind: "reset-after" } })
  const lists = { method: "GET", path: "/v1/instances" }
  const heal = simulator.fault({ on: lists, do: { kind: "status", status: 500 }, times: 1000 })
  await note("launch", () => vms.launch(spec).catch(() => null))
  heal()
  const { adopted } = await note("recover", () => vms.recover())
  for (const machine of adopted) await gpu.terminate(machine.ref)
  if (adopted.length !== 1) throw new Error("the launch whose answer was lost should have been found again")
  return reached
}
