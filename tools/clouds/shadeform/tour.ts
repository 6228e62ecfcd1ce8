import { fetchTransport } from "../../../packages/core/src/adapter/index.ts"
import { createGpu, type LaunchSpec } from "../../../packages/sdk/src/index.ts"
import { shadeform } from "../../../packages/shadeform/src/index.ts"
import { createClock, createShadeformSimulator } from "../../../packages/simulators/src/index.ts"
import { openNotebook, type Reached } from "../../docs/notebook.ts"

const key = (body: string) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${body.padEnd(43, "x")} tour`

/** Uses every common operation of every kind once on a simulated Shadeform, and notes the requests that each one sent. */
export const tour = async (): Promise<Reached> => {
  const clock = createClock()
  const simulator = createShadeformSimulator({ seed: 3, clock, credit: 1000 })
  const transport = fetchTransport(simulator.fetch)
  const gpu = createGpu({ clouds: [shadeform({ apiKey: simulator.apiKey, transport })], clock })
  const { vms, containers, baremetal } = gpu.clouds.shadeform
  const { reached, note } = openNotebook(simulator)
  const specs: LaunchSpec[] = []

  for (const provider of [vms, containers, baremetal]) {
    const [offer] = await note("offers", () => gpu.offers({ kind: provider.kind }))
    const [system] = await note("images", () => provider.images())
    if (!offer || !system) throw new Error("the simulated market has too little for the tour")
    const spec: LaunchSpec = { offer, name: "tour", os: system.id, sshKeys: [key("first")] }
    specs.push(spec)
    const { ref } = await note("launch", () => gpu.rent(spec))
    await note("get", () => gpu.get(ref))
    await note("waitUntilReady", () => gpu.waitUntilReady(ref))
    await note("list", (): Promise<unknown> => provider.list())
    await note("restart", () => gpu.act(ref, "restart"))
    await note("rename", () => gpu.act(ref, "rename", "tour two"))
    const at = new Date(clock.now() + 3_600_000)
    await note("scheduleEnd", () => gpu.act(ref, "scheduleEnd", { at }))
    await note("terminate", () => gpu.terminate(ref))
  }
  const added = await note("addSshKey", () => vms.addSshKey(key("second")))
  await note("sshKeys", () => vms.sshKeys())
  await note("removeSshKey", () => vms.removeSshKey(added.id))

  simulator.fault({ on: { method: "POST", path: "/v1/instances/create" }, do: { kind: "reset-after" } })
  const lists = { method: "GET", path: "/v1/instances" }
  const heal = simulator.fault({ on: lists, do: { kind: "status", status: 500 }, times: 1000 })
  const [first] = specs
  if (first) await note("launch", () => gpu.rent(first).catch(() => null))
  heal()
  const { adopted } = await note("recover", () => vms.recover())
  for (const machine of adopted) await gpu.terminate(machine.ref)
  if (adopted.length !== 1) throw new Error("the launch whose answer was lost should have been found again")
  return reached
}
