import { fetchTransport } from "../../../packages/core/src/adapter/index.ts"
import { fluence } from "../../../packages/fluence/src/index.ts"
import { createGpu, type LaunchSpec } from "../../../packages/sdk/src/index.ts"
import { createClock, createFluenceSimulator } from "../../../packages/simulators/src/index.ts"
import { openNotebook, type Reached } from "../../docs/notebook.ts"

const key = (body: string) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${body.padEnd(43, "x")} tour`

/** Uses every common operation of every kind once on a simulated Fluence, and notes the requests that each one sent. */
export const tour = async (): Promise<Reached> => {
  const clock = createClock()
  const simulator = createFluenceSimulator({ seed: 3, clock, credit: 1000 })
  const transport = fetchTransport(simulator.fetch)
  const gpu = createGpu({ clouds: [fluence({ apiKey: simulator.apiKey, transport })], clock })
  const { containers, vms, baremetal, cpuVms } = gpu.clouds.fluence
  const { reached, note } = openNotebook(simulator)
  const sshKeys = [key("first")]

  const [plan] = await note("offers", () => containers.offers())
  const [image] = await note("images", () => containers.images())
  if (!plan || !image) throw new Error("the simulated market has too little for the tour")
  const spec = { offer: plan, name: "tour", image: image.id, ports: [{ port: 22 }], sshKeys }
  const { ref } = await note("launch", () => containers.launch(spec))
  await note("get", () => containers.get(ref))
  await note("waitUntilReady", () => gpu.waitUntilReady(ref))
  await note("list", () => containers.list())
  await note("update", () => containers.update(ref, { env: { TOUR: "two" }, registry: null }))
  await clock.sleep(60_000)
  await note("rename", () => containers.rename(ref, "tour two"))
  await note("logs", () => containers.logs(ref, { tail: 5 }))
  await note("events", () => containers.events(ref, { tail: 5 }))
  await note("sshKeys", () => containers.sshKeys())
  const added = await note("addSshKey", () => containers.addSshKey(key("second")))
  await note("removeSshKey", () => containers.removeSshKey(added.id))
  await note("terminate", () => containers.terminate(ref))

  const others = [
    { kind: "vm", collection: "/gpu/instances/vms", order: "/gpu/instances/vms", provider: vms },
    {
      kind: "baremetal",
      collection: "/gpu/instances/baremetal",
      order: "/gpu/instances/baremetal",
      provider: baremetal
    },
    { kind: "cpu-vm", collection: "/vms/v2", order: "/vms/v3", provider: cpuVms }
  ] as const
  const specs: LaunchSpec[] = [spec]
  for (const { kind, provider } of others) {
    const [offer] = await note("offers", () => gpu.offers({ kind }))
    const [system] = await note("images", () => provider.images())
    if (!offer || !system) throw new Error(`the simulated market has no ${kind} for the tour`)
    const given = { offer, name: "tour", os: offer.systems?.[0] ?? system.id, sshKeys }
    specs.push(given)
    const machine = await note("launch", () => gpu.rent(given))
    await note("get", () => gpu.get(machine.ref))
    await note("waitUntilReady", () => gpu.waitUntilReady(machine.ref))
    await note("list", (): Promise<unknown> => provider.list())
    await note("rename", () => gpu.act(machine.ref, "rename", "tour two"))
    if (kind === "cpu-vm") await note("update", () => gpu.act(machine.ref, "update", { ports: [{ port: 22 }] }))
    await note("terminate", () => gpu.terminate(machine.ref))
  }

  const containerRoutes = { collection: "/gpu/instances/", order: "/gpu/instances/" }
  for (const [index, { collection, order }] of [containerRoutes, ...others].entries()) {
    const lost = specs[index]
    if (!lost) continue
    simulator.fault({ on: { method: "POST", path: order }, do: { kind: "reset-after" } })
    const failing = { kind: "status", status: 500 } as const
    const heal = simulator.fault({ on: { method: "GET", path: collection }, do: failing, times: 1000 })
    await note("launch", () => gpu.rent(lost).catch(() => null))
    heal()
    const { adopted } = await note("recover", () => gpu.recover())
    for (const machine of adopted) await gpu.terminate(machine.ref)
    if (adopted.length !== 1) throw new Error(`${order}: the launch whose answer was lost should have been found again`)
  }
  return reached
}
