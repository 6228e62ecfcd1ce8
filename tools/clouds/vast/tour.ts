import { fetchTransport } from "../../../packages/core/src/adapter/index.ts"
import { createGpu, type Instance, money } from "../../../packages/sdk/src/index.ts"
import { createClock, createVastSimulator } from "../../../packages/simulators/src/index.ts"
import { vast } from "../../../packages/vast/src/index.ts"
import { openNotebook, type Reached } from "../../docs/notebook.ts"

const key = (body: string) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${body.padEnd(43, "x")} tour`

/** Uses every common operation once on a simulated Vast.ai, and notes the requests that each one sent. */
export const tour = async (): Promise<Reached> => {
  const clock = createClock()
  const simulator = createVastSimulator({ seed: 3, clock, credit: 100, offers: 200 })
  const transport = fetchTransport(simulator.fetch)
  const gpu = createGpu({ clouds: [vast({ apiKey: simulator.apiKey, transport })], clock })
  const { containers } = gpu.clouds.vast
  const { reached, note } = openNotebook(simulator)

  const offers = await note("offers", () => containers.offers({ gpuCount: 1 }))
  const [first, second] = offers
  const [bidOffer] = await containers.offers({ gpuCount: 1, interruptible: true })
  if (!first || !second || !bidOffer) throw new Error("the simulated market has too few offers for the tour")

  const sshKeys = [key("first")]
  const machine: Instance<"vast", "container"> = await note("launch", () =>
    containers.launch({ offer: first, name: "tour", image: "ubuntu", sshKeys })
  )
  const { ref } = machine
  await note("get", () => containers.get(ref))
  await note("waitUntilReady", () => gpu.waitUntilReady(ref))
  await note("list", () => containers.list())
  await note("rename", () => containers.rename(ref, "tour two"))
  await note("logs", () => containers.logs(ref, { tail: 5 }))
  await note("attachSshKey", () => containers.attachSshKey(ref, key("second")))
  const [attached] = await note("machineSshKeys", () => containers.machineSshKeys(ref))
  if (attached) await note("detachSshKey", () => containers.detachSshKey(ref, attached.id))
  await note("sshKeys", () => containers.sshKeys())
  const added = await note("addSshKey", () => containers.addSshKey(key("third")))
  await note("removeSshKey", () => containers.removeSshKey(added.id))
  await note("balance", () => containers.balance())
  await note("restart", () => containers.restart(ref))
  await gpu.waitUntilReady(ref)
  await note("stop", () => containers.stop(ref))
  await gpu.waitFor(ref, "stopped")
  await note("start", () => containers.start(ref))
  await note("terminate", () => containers.terminate(ref))

  simulator.fault({ on: { method: "PUT", path: "/api/v0/asks/{id}/" }, do: { kind: "reset-after" } })
  const failing = { kind: "status", status: 500 } as const
  const heal = simulator.fault({ on: { method: "GET", path: "/api/v1/instances/" }, do: failing, times: 1000 })
  const lost = { offer: second, name: "lost answer", image: "ubuntu" }
  await note("launch", () => containers.launch(lost).catch(() => null))
  heal()
  const { adopted } = await note("recover", () => containers.recover())
  for (const machine of adopted) await gpu.terminate(machine.ref)
  if (adopted.length !== 1) throw new Error("the launch whose answer was lost should have been found again")

  const bid = money("2")
  const cheap = await containers.launch({ offer: bidOffer, name: "interruptible", image: "ubuntu", bid })
  await gpu.waitUntilReady(cheap.ref)
  await note("changeBid", () => containers.changeBid(cheap.ref, money("2.5")))
  await gpu.terminate(cheap.ref)
  return reached
}
