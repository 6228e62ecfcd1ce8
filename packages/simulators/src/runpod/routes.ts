import type * as door from "../kit/door.ts"
import { routesOf } from "../kit/door.ts"
import { textsIn } from "../kit/fields.ts"
import { ok, type Reply } from "../kit/http.ts"
import { hostFull, illegalNow, misfit, podNotFound, problem } from "./answers.ts"
import { billingRoutes } from "./billing.ts"
import { changeIn, createPod } from "./create.ts"
import { showLog } from "./log.ts"
import { actionsOf, end, isAlive, isUp, money, type Pod, restart, start, stop } from "./pod.ts"
import { rowOf } from "./row.ts"
import { dataCenterRows, listCpus, listGpus, showCpu, showDataCenter, showGpu } from "./stock.ts"
import { volumeRoutes } from "./volume.ts"
import type { World } from "./world.ts"

/** One request as a handler sees it. */
export type Call = door.Call<World>

const podOf = ({ world, params }: Call): Pod | undefined =>
  world.state.pods.find((pod) => pod.id === params.id && (isAlive(pod) || world.choices.deletedAs === "TERMINATED"))

const withPod = (handle: (pod: Pod, call: Call) => Reply) => (call: Call) => {
  const pod = podOf(call)
  return pod === undefined ? podNotFound : handle(pod, call)
}

/** Newest first, by cursors that name the pod after which a page begins. Source: Runpod API v2, listPods. */
const listPods = ({ world, query }: Call): Reply => {
  const limit = Number(query.get("limit") ?? 1000)
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) return problem(422, "limit must be 1 to 1000")
  const rows = world.state.pods.filter(isAlive).toSorted((a, b) => b.serial - a.serial)
  const cursor = query.get("cursor")
  if (cursor !== null && !/^c\d+$/.test(cursor)) return problem(422, "malformed cursor")
  const below = cursor === null ? Number.POSITIVE_INFINITY : Number(cursor.slice(1))
  const rest = rows.filter(({ serial }) => serial < below)
  const page = rest.slice(0, limit)
  const hasNextPage = rest.length > page.length
  const nextCursor = hasNextPage ? `c${page.at(-1)?.serial}` : null
  return ok({ pods: page.map((pod) => rowOf(pod, world)), pagination: { nextCursor, hasNextPage } })
}

/**
 * A running pod is reset by a change. Source: Runpod docs, pods/manage-pods. That a name or the lock alone reset nothing is
 * chosen here: no document says it.
 */
const updatePod = (pod: Pod, call: Call): Reply => {
  const changed = changeIn(call)
  if ("status" in changed) return changed
  Object.assign(pod, changed)
  const { name: _, locked: __, ...resetting } = changed
  if (Object.keys(resetting).length > 0 && isUp(pod)) restart(call.world, pod)
  return ok(rowOf(pod, call.world))
}

const deletePod = (pod: Pod, { world }: Call): Reply => {
  if (!isAlive(pod)) return podNotFound
  end(world, pod)
  return { status: 204 }
}

const verbs = ["start", "stop", "restart", "terminate"] as const

const act = (pod: Pod, call: Call): Reply => {
  const { world, body } = call
  const verb = verbs.find((known) => known === body.action)
  if (verb === undefined) return problem(422, "Request validation failed.", ["$.action: unknown value"])
  if (!actionsOf(pod).includes(verb)) return illegalNow
  if (verb === "terminate") return deletePod(pod, call)
  if (verb === "start" && !start(world, pod)) return hostFull
  if (verb === "stop") stop(world, pod)
  if (verb === "restart") restart(world, pod)
  return ok(rowOf(pod, world))
}

const keyForm = /^(ssh|ecdsa|sk)-[^\s]+ [^\s]+([ \t][^\n\r]*)?$/

const replaceKeys = ({ world, body }: Call): Reply => {
  const keys = textsIn(body.keys)
  if (!keys?.every((key) => keyForm.test(key))) return problem(422, "Request validation failed.", ["$.keys: invalid"])
  world.state.keys = [...keys]
  return ok({ keys })
}

const createRegistry = ({ world, body }: Call): Reply => {
  const fields = ["name", "username", "password"]
  const wrong = misfit(body, fields, fields)
  if (wrong !== undefined) return wrong
  const row = { id: world.random.hex(8), name: String(body.name) }
  world.state.registries.push(row)
  return { status: 201, json: row }
}

const registryOf = ({ world, params }: Call) => world.state.registries.find(({ id }) => id === params.id)

const deleteRegistry = (call: Call): Reply => {
  const row = registryOf(call)
  if (row === undefined) return problem(404, "resource not found")
  call.world.state.registries = call.world.state.registries.filter((other) => other !== row)
  return { status: 204 }
}

/** Only what the account holds is asked of it. Source: Runpod docs, sdks/graphql. Errors come with 200 and `errors`. */
const graphql = ({ world, body }: Call): Reply => {
  if (!world.choices.graphql) return problem(410, "GraphQL is retired")
  if (!/\bmyself\b/.test(String(body.query))) return ok({ errors: [{ message: "unknown field" }] })
  const { credit, seed } = world.state
  return ok({
    data: {
      myself: { id: `user_${seed}`, clientBalance: money.toDollars(credit), currentSpendPerHr: 0, spendLimit: 80 }
    }
  })
}

/** Every route that is simulated. */
export const routes = routesOf<World>(
  ["GET /v2/pods", listPods],
  ["POST /v2/pods", createPod],
  ["GET /v2/pods/{id}", withPod((pod, { world }) => ok(rowOf(pod, world)))],
  ["PATCH /v2/pods/{id}", withPod(updatePod)],
  ["DELETE /v2/pods/{id}", withPod(deletePod)],
  ["POST /v2/pods/{id}/action", withPod(act)],
  ["GET /v2/pods/{id}/logs", withPod(showLog)],
  ["GET /v2/account/ssh-keys", ({ world }) => ok({ keys: world.state.keys })],
  ["PUT /v2/account/ssh-keys", replaceKeys],
  ...volumeRoutes,
  ...billingRoutes,
  ["GET /v2/registries", ({ world }) => ok({ registries: world.state.registries })],
  ["POST /v2/registries", createRegistry],
  [
    "GET /v2/registries/{id}",
    (call) => {
      const row = registryOf(call)
      return row === undefined ? problem(404, "resource not found") : ok(row)
    }
  ],
  ["DELETE /v2/registries/{id}", deleteRegistry],
  ["GET /v2/catalog/gpus", listGpus],
  ["GET /v2/catalog/gpus/{id}", showGpu],
  ["GET /v2/catalog/cpus", listCpus],
  ["GET /v2/catalog/cpus/{id}", showCpu],
  ["GET /v2/catalog/datacenters", () => ok({ dataCenters: dataCenterRows })],
  ["GET /v2/catalog/datacenters/{id}", showDataCenter],
  ["POST /graphql", graphql]
)
