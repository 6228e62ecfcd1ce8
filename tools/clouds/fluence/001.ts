import errors from "../../../packages/fluence/src/fixtures/errors.json" with { type: "json" }
import plans from "../../../packages/fluence/src/gpu/fixtures/plans.json" with { type: "json" }
import requests from "../../../packages/fluence/src/gpu/fixtures/requests.json" with { type: "json" }
import { endpoints, fluence } from "../../../packages/fluence/src/index.ts"
import { answers, declares, forPeople, type Row, sends } from "../../documents/item.ts"
import { errorOf } from "../../documents/worlds.ts"
import { onFluence } from "./world.ts"

const { vms, baremetal } = fluence({ apiKey: "key" })
const refused = (status: number, json: unknown) =>
  errorOf(onFluence({ "GET /gpu/plans/": { status, json } }), ({ cloud }) => cloud.native.listContainerPlans())
const tagOf = (status: number, json: unknown) => refused(status, json).then(({ tag }) => tag)
/** The ids of the documents' plans that a filter leaves. */
const found = (filter: object) => async () => {
  const world = onFluence({ "GET /gpu/plans/": { json: plans.containers } })
  return (await world.run(world.cloud.containers.offers(filter))).items.length > 0
}
const plan = plans.containers[0]
const gpu = plan?.plan.gpu_model.model ?? ""
const deploy = sends(
  "launch",
  onFluence,
  ({ cloud }) => cloud.native.deployGpuVm({ body: requests.deployMachine }),
  "POST /gpu/instances/vms",
  { header: ["content-type", "application/json"], json: requests.deployMachine }
)
const paths: ReadonlyArray<string> = Object.values(endpoints).map(({ path }) => path)
const collection = (name: string) =>
  declares("native", () => ["/", "/vms", "/baremetal"].filter((end) => paths.includes(`/gpu/${name}${end}`)), [
    "/",
    "/vms",
    "/baremetal"
  ])

// biome-ignore format: a table reads best with one row a line
export const introductionRows: ReadonlyArray<Row> = [
  ["all endpoints are below `https://api.fluence.dev/gpu`", answers("native", async () => { const world = onFluence({ "GET /gpu/plans/": { json: [] } }); await world.run(world.cloud.native.listContainerPlans()); return world.sent[0]?.url }, "https://api.fluence.dev/gpu/plans/", "request compared")],
  ["search by workload", answers("offers, kind", async () => { const world = onFluence({ "GET /gpu/plans/": { json: plans.containers } }); return (await world.run(world.cloud.containers.offers({ kind: "vm" }))).items }, [])],
  ["search by GPU model", answers("offers, gpu", async () => [await found({ gpu })(), await found({ gpu: "T4" })()], [true, false])],
  ["search by CPU", answers("offers, minVcpus", async () => [await found({ minVcpus: 1 })(), await found({ minVcpus: 100_000 })()], [true, false])],
  ["search by memory", answers("offers, minMemoryMiB", async () => [await found({ minMemoryMiB: 1 })(), await found({ minMemoryMiB: 1e9 })()], [true, false])],
  ["search by storage", answers("offers, minDiskMiB", async () => [await found({ minDiskMiB: 1 })(), await found({ minDiskMiB: 1e9 })()], [true, false])],
  ["search by location", answers("offers, countries", async () => [await found({ countries: plan?.attributes.location })(), await found({ countries: ["AQ"] })()], [true, false])],
  ["search by budget", answers("offers, maxPerHour", async () => [await found({ maxPerHour: { micros: 1e9, currency: "USDC" } })(), await found({ maxPerHour: { micros: 1, currency: "USDC" } })()], [true, false])],
  ["header `X-API-KEY`", sends("every call", onFluence, ({ cloud }) => cloud.native.listContainerPlans(), "GET /gpu/plans/", { header: ["x-api-key", "the-documents-key"] })],
  ["an omitted or invalid key is 403", answers("Unauthenticated", () => tagOf(403, errors.badKey), "Unauthenticated")],
  ["an empty key is never sent", answers("InvalidRequest", async () => { try { fluence({ apiKey: " " }); return "made" } catch (error) { return (error as { _tag?: string })._tag } }, "InvalidRequest")],
  ["data is accepted as JSON", deploy],
  ["data is returned as JSON: anything else is refused", answers("BadResponse", () => errorOf(onFluence({ "GET /gpu/plans/": { text: "<html>" } }), ({ cloud }) => cloud.native.listContainerPlans()).then(({ tag }) => tag), "BadResponse")],
  ["`Content-Type: application/json` on a POST", deploy],
  ["`GET /gpu/plans`, without a slash, as its example has it", sends("native.listContainerPlansBare", onFluence, ({ cloud }) => cloud.native.listContainerPlansBare(), "GET /gpu/plans")],
  ["`GET /gpu/plans/`, with one", sends("offers", onFluence, ({ cloud }) => cloud.containers.offers(), "GET /gpu/plans/")],
  ["any status in the 200 range is success", answers("native", async () => { const world = onFluence({ "GET /gpu/plans/": { status: 203, json: [] } }); return world.run(world.cloud.native.listContainerPlans()) }, [])],
  ["a status in the 400 range is an error of the request: not sent again", answers("InvalidRequest", () => tagOf(400, { error: "malformed" }), "InvalidRequest")],
  ["an object that does not exist", answers("NotFound", () => errorOf(onFluence(), ({ cloud }) => cloud.native.terminateContainer({ params: { id: "b54672e2-0a8b-490f-81ee-7d5a868471fc" } })).then(({ tag }) => tag), "NotFound")],
  ["a status in the 500 range is an error of the server", answers("ProviderFault", () => tagOf(500, { error: "oops" }), "ProviderFault")],
  ["the words of an error stand in `error`", answers("message", () => refused(400, { error: "such words" }).then(({ message }) => message.includes("such words")), true)],
  ["every error has `error`; of other pages `detail` is read as well", answers("message", () => refused(400, { detail: "such words" }).then(({ message }) => message.includes("such words")), true)],
  ["the example of an error: 403, `Auth failed. No such API Key`", answers("message", () => refused(403, errors.badKey).then(({ message }) => message.includes(errors.badKey.error)), true)],
  ["`/plans/*`", collection("plans")],
  ["`/instances/*`", collection("instances")],
  ["`/default-images/*`", collection("default-images")],
  ["containers are at `/`", sends("list", onFluence, ({ cloud }) => cloud.containers.list(), "GET /gpu/instances/")],
  ["VMs are at `/vms`", sends("list", onFluence, ({ cloud }) => cloud.vms.list(), "GET /gpu/instances/vms")],
  ["bare metal is at `/baremetal`", sends("list", onFluence, ({ cloud }) => cloud.baremetal.list(), "GET /gpu/instances/baremetal")],
  ["`/plans/vms` has the offers of VMs", sends("offers", onFluence, ({ cloud }) => cloud.vms.offers(), "GET /gpu/plans/vms")],
  ["`/plans/baremetal` has those of bare metal", sends("offers", onFluence, ({ cloud }) => cloud.baremetal.offers(), "GET /gpu/plans/baremetal")],
  ["`/default-images/` has images of containers", sends("images", onFluence, ({ cloud }) => cloud.containers.images(), "GET /gpu/default-images/")],
  ["`/default-images/vms`", sends("native.listDefaultVmImages", onFluence, ({ cloud }) => cloud.native.listDefaultVmImages(), "GET /gpu/default-images/vms")],
  ["`/default-images/baremetal`", sends("native.listDefaultBaremetalImages", onFluence, ({ cloud }) => cloud.native.listDefaultBaremetalImages(), "GET /gpu/default-images/baremetal")],
  ["Swagger UI at `https://api.fluence.dev/gpu/api-docs`", forPeople("a page for people: nothing calls it")],
  ["keys are made in the Console", forPeople("the message for an empty key says so")],
  ["a VM needs an SSH key before it is created", declares("launch, sshKeys", () => [vms, baremetal].map(({ requiredOptions }) => requiredOptions.has("sshKeys")), [true, true])]
]
