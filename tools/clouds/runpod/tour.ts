import { fetchTransport } from "../../../packages/core/src/adapter/index.ts"
import { runpod } from "../../../packages/runpod/src/index.ts"
import { createGpu } from "../../../packages/sdk/src/index.ts"
import { createClock, createRunpodSimulator } from "../../../packages/simulators/src/index.ts"
import { openNotebook, type Reached } from "../../docs/notebook.ts"

const key = (body: string) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${body.padEnd(43, "x")} tour`

/** Uses every common operation once on a simulated Runpod, and notes the requests that each one sent. */
export const tour = async (): Promise<Reached> => {
  const clock = createClock()
  const simulator = createRunpodSimulator({ seed: 3, clock, credit: 100 })
  const transport = fetchTransport(simulator.fetch)
  const gpu = createGpu({ clouds: [runpod({ apiKey: simulator.apiKey, transport })], clock })
  const { containers } = gpu.clouds.runpod
  const { reached, note } = openNotebook(simulator)

  const [offer] = await note("offers", () => containers.offers())
  await note("offers", () => containers.offers({ kind: "container", minVcpus: 2 }))
  if (!offer) throw new Error("the simulated market has too little for the tour")

  const spec = { offer, name: "tour", image: "runpod/pytorch", sshKeys: [key("first")] }
  const { ref } = await note("launch", () =>
    containers.launch({ ...spec, volumes: [{ name: "data", sizeMiB: 20_480 }] })
  )
  await note("get", () => containers.get(ref))
  await note("waitUntilReady", () => gpu.waitUntilReady(ref))
  await note("list", () => containers.list())
  await note("logs", () => containers.logs(ref, { tail: 10 }))
  await note("restart", () => containers.restart(ref))
  await gpu.waitUntilReady(ref)
  await note("stop", () => containers.stop(ref))
  await gpu.waitFor(ref, "stopped")
  await note("rename", () => containers.rename(ref, "tour two"))
  await note("update", () =>
    containers.update(ref, { env: { EPOCHS: "3" }, registry: { host: "docker.io", username: "tour", password: "pw" } })
  )
  await note("start", () => containers.start(ref))
  await gpu.waitUntilReady(ref)
  const added = await note("addSshKey", () => containers.addSshKey(key("second")))
  await note("sshKeys", () => containers.sshKeys())
  await note("removeSshKey", () => containers.removeSshKey(added.id))
  await note("volumes", () => containers.volumes())
  await note("balance", () => containers.balance())
  await note("terminate", () => containers.terminate(ref))

  simulator.fault({ on: { method: "POST", path: "/v2/pods" }, do: { kind: "reset-after" } })
  const lists = { method: "GET", path: "/v2/pods" }
  const heal = simulator.fault({ on: lists, do: { kind: "status", status: 500 }, times: 1000 })
  await note("launch", () => containers.launch(spec).catch(() => null))
  heal()
  const { adopted } = await note("recover", () => containers.recover())
  for (const machine of adopted) await gpu.terminate(machine.ref)
  if (adopted.length !== 1) throw new Error("the launch whose answer was lost should have been found again")
  return reached
}
