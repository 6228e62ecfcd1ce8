import type { GpuError } from "@anygpu/core"
import type * as Effect from "effect/Effect"
import { describe, expect, it, test } from "vitest"
import { keyEndpoints } from "./account.ts"
import { apiKey, cloudOf, id, publicKey } from "./cloud.test-support.ts"
import { cpuEndpoints } from "./cpu/endpoints.ts"
import keys from "./fixtures/keys.json" with { type: "json" }
import { gpuEndpoints } from "./gpu/endpoints.ts"
import instances from "./gpu/fixtures/instances.json" with { type: "json" }
import plans from "./gpu/fixtures/plans.json" with { type: "json" }
import requests from "./gpu/fixtures/requests.json" with { type: "json" }
import type { DeployContainer } from "./gpu/wire.ts"
import { endpoints, type Fluence } from "./index.ts"

type Native = Fluence["native"]
type Name = keyof typeof gpuEndpoints | keyof typeof keyEndpoints
type Call = (native: Native) => Effect.Effect<unknown, GpuError>

const at = { params: { id } } as const
const container: DeployContainer = {
  plan_id: "075e40d4-2766-4347-833b-205245fe3629",
  name: "my-gpu-container",
  container_settings: {
    image: "docker.io/fluencelabs/debian-ssh-root:11",
    expose: [
      { port: "22", protocol: "tcp" },
      { port: "80", protocol: "http" }
    ]
  },
  ssh_key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI... user@host"
}
const machine = requests.deployMachine
const update = requests.updateContainer
const rename = { name: "my-training-vm" }
const fingerprint = "SHA256:sINcLA/hlKG0nDpE9n233xEnXAgSISxq0/nVWbbx5A4"

/**
 * From the documents: operation, call, method, path with query, body, status and body of the answer, what may be repeated.
 */
// biome-ignore format: a table reads best with one row a line
const table: ReadonlyArray<readonly [name: Name, call: Call, method: string, path: string, body: unknown, status: number, answer: unknown, repeat: string]> = [
  ["listContainerPlans", (n) => n.listContainerPlans(), "GET", "/gpu/plans/", undefined, 200, plans.containers, "safe"],
  ["listGpuVmPlans", (n) => n.listGpuVmPlans(), "GET", "/gpu/plans/vms", undefined, 200, plans.vms, "safe"],
  ["listBaremetalPlans", (n) => n.listBaremetalPlans(), "GET", "/gpu/plans/baremetal", undefined, 200, { data: [] }, "safe"],
  ["listDefaultImages", (n) => n.listDefaultImages(), "GET", "/gpu/default-images/", undefined, 200, [], "safe"],
  ["listDefaultVmImages", (n) => n.listDefaultVmImages(), "GET", "/gpu/default-images/vms", undefined, 200, [], "safe"],
  ["listDefaultBaremetalImages", (n) => n.listDefaultBaremetalImages(), "GET", "/gpu/default-images/baremetal", undefined, 200, [], "safe"],
  ["listContainerPlansBare", (n) => n.listContainerPlansBare(), "GET", "/gpu/plans", undefined, 200, plans.containers, "safe"],
  ["deployContainer", (n) => n.deployContainer({ body: container }), "POST", "/gpu/instances/", requests.deployContainerCurl, 200, requests.deployed, "refused-only"],
  ["deployGpuVm", (n) => n.deployGpuVm({ body: machine }), "POST", "/gpu/instances/vms", machine, 201, requests.deployed, "refused-only"],
  ["deployBaremetal", (n) => n.deployBaremetal({ body: machine }), "POST", "/gpu/instances/baremetal", machine, 200, requests.deployed, "refused-only"],
  ["listContainers", (n) => n.listContainers(), "GET", "/gpu/instances/", undefined, 200, instances.containers, "safe"],
  ["listGpuVms", (n) => n.listGpuVms(), "GET", "/gpu/instances/vms", undefined, 200, instances.vms, "safe"],
  ["listBaremetal", (n) => n.listBaremetal(), "GET", "/gpu/instances/baremetal", undefined, 200, [], "safe"],
  ["showContainer", (n) => n.showContainer(at), "GET", `/gpu/instances/${id}`, undefined, 200, instances.activeContainer, "safe"],
  ["showGpuVm", (n) => n.showGpuVm(at), "GET", `/gpu/instances/vms/${id}`, undefined, 200, instances.activeVm, "safe"],
  ["showBaremetal", (n) => n.showBaremetal(at), "GET", `/gpu/instances/baremetal/${id}`, undefined, 200, instances.endedVm, "safe"],
  ["updateContainer", (n) => n.updateContainer({ ...at, body: update }), "PUT", `/gpu/instances/${id}`, update, 204, undefined, "refused-only"],
  ["renameGpuVm", (n) => n.renameGpuVm({ ...at, body: rename }), "PUT", `/gpu/instances/vms/${id}`, requests.rename, 204, undefined, "safe"],
  ["renameBaremetal", (n) => n.renameBaremetal({ ...at, body: rename }), "PUT", `/gpu/instances/baremetal/${id}`, requests.rename, 204, undefined, "safe"],
  ["terminateContainer", (n) => n.terminateContainer(at), "DELETE", `/gpu/instances/${id}`, undefined, 204, undefined, "safe"],
  ["terminateGpuVm", (n) => n.terminateGpuVm(at), "DELETE", `/gpu/instances/vms/${id}`, undefined, 204, undefined, "safe"],
  ["terminateBaremetal", (n) => n.terminateBaremetal(at), "DELETE", `/gpu/instances/baremetal/${id}`, undefined, 204, undefined, "safe"],
  ["containerLogs", (n) => n.containerLogs({ ...at, query: { last: 50 } }), "GET", `/gpu/instances/${id}/logs?last=50`, undefined, 200, instances.logs, "safe"],
  ["containerEvents", (n) => n.containerEvents({ ...at, query: { last: 10 } }), "GET", `/gpu/instances/${id}/events?last=10`, undefined, 200, instances.events, "safe"],
  ["listSshKeys", (n) => n.listSshKeys(), "GET", "/ssh_keys", undefined, 200, keys.list, "safe"],
  ["createSshKey", (n) => n.createSshKey({ body: { name: "my-key", publicKey } }), "POST", "/ssh_keys", { name: "my-key", publicKey }, 201, keys.addedObject, "safe"],
  ["deleteSshKey", (n) => n.deleteSshKey({ body: { fingerprint } }), "DELETE", "/ssh_keys", keys.removeRequest, 200, undefined, "safe"],
  ["userBalances", (n) => n.userBalances(), "GET", "/v2/users/balances", undefined, 200, [{ balance: "100.50" }], "safe"]
]

describe("every endpoint of the GPU cloud and of the keys is sent as documented", () => {
  it.each(table)("%s", async (name, call, method, path, body, status, json, repeat) => {
    const route = `${method} ${path.split("?")[0]}`
    const { cloud, run, sent } = cloudOf({ [route]: { status, json } })
    await run(call(cloud.native))
    expect(sent).toHaveLength(1)
    const [one] = sent
    expect(one?.method).toBe(method)
    expect(one?.url).toBe(`https://api.fluence.dev${path}`)
    expect(one?.json).toEqual(body)
    expect(one?.headers).toEqual({
      accept: "application/json",
      "user-agent": "anygpu",
      "x-api-key": apiKey,
      ...(body !== undefined && { "content-type": "application/json" })
    })
    expect(endpoints[name].operation).toBe(name)
    expect(endpoints[name].repeat).toBe(repeat)
  })

  it("and there is no other one", () => {
    const names = [...Object.keys(gpuEndpoints), ...Object.keys(keyEndpoints)]
    expect(table.map(([name]) => name).sort()).toEqual(names.sort())
  })
})

test("no two tables name one endpoint: native is flat", () => {
  const names = [gpuEndpoints, cpuEndpoints, keyEndpoints].flatMap((part) => Object.keys(part))
  expect(names.sort()).toEqual(Object.keys(endpoints).sort())
  expect(Object.keys(cloudOf().cloud.native).sort()).toEqual(Object.keys(endpoints).sort())
})

test.each([requests.deployContainer, requests.deployContainerCurl] as const)(
  "the documents' container %# is sent as it is",
  async (body) => {
    const { cloud, run, bodies } = cloudOf({ "POST /gpu/instances/": { json: requests.deployed } })
    expect(await run(cloud.native.deployContainer({ body: body as DeployContainer }))).toEqual({ instance_id: id })
    expect(bodies("POST /gpu/instances/")).toEqual([body])
  }
)

test("the documents' private image is sent as it is", async () => {
  const { cloud, run, bodies } = cloudOf({ "POST /gpu/instances/": { json: requests.deployed } })
  const body = { plan_id: "p", name: "n", ...requests.deployPrivateFragment }
  await run(cloud.native.deployContainer({ body: body as DeployContainer }))
  expect(bodies("POST /gpu/instances/")).toEqual([body])
})

/** Wrong on purpose: the types refuse these. */
const wrong =
  (name: Name, input: unknown): Call =>
  (native) =>
    (native as unknown as Record<Name, (input: unknown) => Effect.Effect<unknown, GpuError>>)[name](input)

const settings = container.container_settings

describe("nothing undocumented is sent", () => {
  // biome-ignore format: a table reads best with one row a line
  it.each([
    ["an unknown field", wrong("deployContainer", { body: { ...container, region: "US" } })],
    ["a name of 26 characters", wrong("deployContainer", { body: { ...container, name: "a".repeat(26) } })],
    ["a name that ends in a hyphen", wrong("renameGpuVm", { ...at, body: { name: "a-" } })],
    ["a name in upper case", wrong("renameBaremetal", { ...at, body: { name: "A" } })],
    ["no port", wrong("deployContainer", { body: { ...container, container_settings: { ...settings, expose: [] } } })],
    ["a port as a number", wrong("deployContainer", { body: { ...container, container_settings: { ...settings, expose: [{ port: 22 }] } } })],
    ["http beside port 80", wrong("deployContainer", { body: { ...container, container_settings: { ...settings, expose: [{ port: "8080", protocol: "http" }] } } })],
    ["an image in upper case", wrong("deployContainer", { body: { ...container, container_settings: { ...settings, image: "Debian" } } })],
    ["a registry of another host", wrong("deployContainer", { body: { ...container, container_settings: { ...settings, credentials: { host: "quay.io", username: "u", password: "p" } } } })],
    ["ports in an update", wrong("updateContainer", { ...at, body: { ...update, container_settings: { ...update.container_settings, expose: [{ port: "22" }] } } })],
    ["a VM without a key", wrong("deployGpuVm", { body: { plan_id: "p", name: "n", os_image: "o" } })],
    ["the last no lines", wrong("containerLogs", { ...at, query: { last: 0 } })],
    ["a body on a route without one", wrong("terminateContainer", { ...at, body: {} })],
    ["an id that is a step in the path", wrong("terminateContainer", { params: { id: ".." } })]
  ])("%s is InvalidRequest", async (_, call) => {
    const { cloud, fails, sent } = cloudOf()
    expect((await fails(call(cloud.native)))._tag).toBe("InvalidRequest")
    expect(sent).toEqual([])
  })
})
