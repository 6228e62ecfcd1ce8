import { fetchTransport } from "../../../packages/core/src/adapter/index.ts"
import { huddle } from "../../../packages/huddle/src/index.ts"
import { createGpu } from "../../../packages/sdk/src/index.ts"
import { createClock, createHuddleSimulator } from "../../../packages/simulators/src/index.ts"
import { openNotebook, type Reached } from "../../docs/notebook.ts"

const key = (body: string) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${body.padEnd(43, "x")} tour`

/** Uses every common operation once on a simulated Huddle01, and notes the requests that each one sent. */
export const tour = async (): Promise<Reached> => {
  const clock = createClock()
  const simulator = createHuddleSimulator({ seed: 3, clock, credit: 100 })
  const transport = fetchTransport(simulator.fetch)
  const gpu = createGpu({ clouds: [huddle({ apiKey: simulator.apiKey, transport })], clock })
  const { vms } = gpu.clouds.huddle
  const { reached, note } = openNotebook(simulator, "/api/v1")

  const [offer] = await note("offers", () => vms.offers())
  const [image] = await note("images", () => vms.images())
  if (!offer || !image) throw new Error("the simulated market has too little for the tour")

  const spec = { offer, name: "tour", os: image.id, sshKeys: [key("first")] }
  const { ref } = await note("launch", () => vms.launch({ ...spec, volumes: [{ name: "data", sizeMiB: 102_400 }] }))
  await note("get", () => vms.get(ref))
  await note("waitUntilReady", () => gpu.waitUntilReady(ref))
  await note("list", () => vms.list())
  await note("stop", () => vms.stop(ref))
  await gpu.waitFor(ref, "stopped")
  await note("start", () => vms.start(ref))
  await gpu.waitUntilReady(ref)
  await note("sshKeys", () => vms.sshKeys())
  const added = await note("addSshKey", () => vms.addSshKey(key("second")))
  await note("removeSshKey", () => vms.removeSshKey(added.id))
  await note("balance", () => vms.balance())
  await note("terminate", () => vms.terminate(ref))

  const deploys = { method: "POST", path: "/api/v1/deployments/clusters" }
  simulator.fault({ on: deploys, do: { kind: "capacity" } })
  await note("launch", () => vms.launch(spec).catch(() => null))
  simulator.fault({ on: deploys, do: { kind: "reset-after" }, times: 5 })
  const lists = { method: "GET", path: "/api/v1/deployments" }
  const heal = simulator.fault({ on: lists, do: { kind: "status", status: 500 }, times: 1000 })
  await note("launch", () => vms.launch(spec).catch(() => null))
  heal()
  const { adopted } = await note("recover", () => vms.recover())
  for (const machine of adopted) await gpu.terminate(machine.ref)
  if (adopted.length !== 1) throw new Error("the launch whose answers were lost should have been found again")
  return reached
}
