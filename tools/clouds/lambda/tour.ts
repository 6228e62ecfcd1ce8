import { fetchTransport } from "../../../packages/core/src/adapter/index.ts"
import { lambda } from "../../../packages/lambda/src/index.ts"
import { createGpu } from "../../../packages/sdk/src/index.ts"
import { createClock, createLambdaSimulator } from "../../../packages/simulators/src/index.ts"
import { openNotebook, type Reached } from "../../docs/notebook.ts"

const key = (body: string) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${body.padEnd(43, "x")} tour`

/** Uses every common operation once on a simulated Lambda, and notes the requests that each one sent. */
export const tour = async (): Promise<Reached> => {
  const clock = createClock()
  const simulator = createLambdaSimulator({ seed: 3, clock })
  const transport = fetchTransport(simulator.fetch)
  const gpu = createGpu({ clouds: [lambda({ apiKey: simulator.apiKey, transport })], clock })
  const { vms } = gpu.clouds.lambda
  const { reached, note } = openNotebook(simulator)

  const [offer] = await note("offers", () => vms.offers())
  if (!offer) throw new Error("the simulated market has too little for the tour")

  const spec = { offer, name: "tour", os: "lambda-stack-22-04", sshKeys: [key("first")] }
  const { ref } = await note("launch", () => vms.launch(spec))
  await note("get", () => vms.get(ref))
  await note("waitUntilReady", () => gpu.waitUntilReady(ref))
  await note("list", () => vms.list())
  await note("restart", () => vms.restart(ref))
  await gpu.waitUntilReady(ref)
  await note("rename", () => vms.rename(ref, "tour two"))
  await note("images", () => vms.images())
  await note("volumes", () => vms.volumes())
  const added = await note("addSshKey", () => vms.addSshKey(key("second")))
  await note("sshKeys", () => vms.sshKeys())
  await note("removeSshKey", () => vms.removeSshKey(added.id))
  await note("terminate", () => vms.terminate(ref))

  simulator.fault({ on: { method: "POST", path: "/api/v1/instance-operations/launch" }, do: { kind: "reset-after" } })
  const lists = { method: "GET", path: "/api/v1/instances" }
  const heal = simulator.fault({ on: lists, do: { kind: "status", status: 500 }, times: 1000 })
  await note("launch", () => vms.launch(spec).catch(() => null))
  heal()
  const { adopted } = await note("recover", () => vms.recover())
  for (const machine of adopted) await gpu.terminate(machine.ref)
  if (adopted.length !== 1) throw new Error("the launch whose answer was lost should have been found again")
  if (simulator.requests().some(({ status }) => status === 429)) throw new Error("the limits were not kept")
  return reached
}
