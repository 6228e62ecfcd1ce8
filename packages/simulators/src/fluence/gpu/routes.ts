import { ok, type Reply } from "../../kit/http.ts"
import { bodyField, denied, type Field, type Issue, invalid } from "../form.ts"
import { type Call, type FluenceRoute, noContent } from "../http.ts"
import type { ContainerInstance, GpuKind, Instance, OsInstance } from "../machine.ts"
import { deployContainer, deployed, deployOs, isFree } from "./deploy.ts"
import { defaultImages } from "./images.ts"
import { beginUpdate, terminate } from "./lifecycle.ts"
import { containerOrderIn, nameIn, osOrderIn, updateIn } from "./order.ts"
import { detailRow, listRow, optionRows, planRow } from "./row.ts"

/** Reads a body whole and answers 422 with everything that is wrong with it, or goes on. */
const withBody = <A>({ body, bodyIsJson }: Call, read: (field: Field) => A, go: (order: A) => Reply): Reply => {
  const field = bodyField(body)
  const broken: Issue = { type: "json_invalid", loc: ["body", 0], msg: "JSON decode error", input: {}, ctx: {} }
  if (!bodyIsJson) return invalid([broken])
  const order = read(field)
  return field.issues.length > 0 ? invalid(field.issues) : go(order)
}

const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

/** An unknown id, or one of another kind: undocumented, taken as 404. */
const notFound: Reply = { status: 404, json: { detail: "Instance not found" } }

const notUuid = (input: string): Reply =>
  invalid([{ type: "uuid_parsing", loc: ["path", "instance_id"], msg: "Input should be a valid UUID", input }])

/** Finds the instance in a path, or answers why not: an id that is no UUID is taken as a validation error. */
const withInstance = <A extends Instance>(
  { world, params }: Call,
  isKind: (instance: Instance) => instance is A,
  go: (instance: A) => Reply
): Reply => {
  const id = params.instance_id ?? ""
  if (!isUuid(id)) return notUuid(id)
  const found = world.state.instances.find(
    (instance): instance is A => instance.id === id.toLowerCase() && !instance.removed && isKind(instance)
  )
  return found === undefined ? notFound : go(found)
}

const isContainer = (instance: Instance): instance is ContainerInstance => instance.kind === "container"

const isOs =
  (kind: OsInstance["kind"]) =>
  (instance: Instance): instance is OsInstance =>
    instance.kind === kind

const list = (kind: GpuKind) => (call: Call) =>
  ok(
    call.world.state.instances
      .filter((instance) => instance.kind === kind && !instance.removed)
      .map((row) => listRow(call.world, row))
  )

/** Only ACTIVE can be terminated. Source: Fluence docs, Manage instances. */
const destroy = (world: Call["world"], instance: Instance): Reply => {
  if (instance.over || instance.status !== "ACTIVE") return denied("Only active instances can be terminated")
  terminate(world, instance)
  return noContent
}

/**
 * Lines of a container, the last ones if asked.
 *
 * - Nothing is left of a container that isn't active, and `last` of 0 and less gives nothing: undocumented.
 */
const lines = (name: "logs" | "events") => (call: Call) =>
  withInstance(call, isContainer, (instance) => {
    const last = call.query.get("last")
    if (last === null) return ok(instance[name])
    if (!/^-?\d+$/.test(last))
      return invalid([
        {
          type: "int_parsing",
          loc: ["query", "last"],
          msg: "Input should be a valid integer, unable to parse string as an integer",
          input: last
        }
      ])
    return ok(Number(last) > 0 ? instance[name].slice(-Number(last)) : [])
  })

/**
 * PUT of a container: refused while an update is being applied. Source: Fluence docs, Update a container deployment.
 *
 * - Refused unless ACTIVE ("a running container"). Status and words of both refusals are undocumented.
 */
const update = (call: Call) =>
  withInstance(call, isContainer, (instance) =>
    withBody(
      call,
      (field) => updateIn(field),
      (change) => {
        if (instance.status !== "ACTIVE" || instance.ending) return denied("Only active instances can be updated")
        if (instance.pending !== null) return denied("Previous update is still being applied")
        beginUpdate(call.world, instance, change)
        return noContent
      }
    )
  )

/**
 * PUT of a VM or bare metal, which takes the name alone. Source: Fluence docs, Rename an instance. When it may:
 * undocumented.
 */
const rename = (kind: OsInstance["kind"]) => (call: Call) =>
  withInstance(call, isOs(kind), (instance) =>
    withBody(call, nameIn, (name) => {
      instance.name = name
      instance.updatedAt = call.world.state.at
      return noContent
    })
  )

const route = (method: string, path: string, handler: FluenceRoute["handler"]): FluenceRoute => ({
  method,
  path,
  handler
})

const osRoutes = (kind: OsInstance["kind"], segment: string): readonly FluenceRoute[] => [
  route("GET", `/gpu/plans/${segment}`, ({ world }) =>
    ok(optionRows([...world.options.values()].filter((option) => option.kind === kind && isFree(world, option))))
  ),
  route("GET", `/gpu/instances/${segment}`, list(kind)),
  route("POST", `/gpu/instances/${segment}`, (call) =>
    withBody(call, osOrderIn, (order) => deployed(deployOs(call.world, kind, order)))
  ),
  route("GET", `/gpu/instances/${segment}/{instance_id}`, (call) =>
    withInstance(call, isOs(kind), (instance) => ok(detailRow(call.world, instance)))
  ),
  route("PUT", `/gpu/instances/${segment}/{instance_id}`, rename(kind)),
  route("DELETE", `/gpu/instances/${segment}/{instance_id}`, (call) =>
    withInstance(call, isOs(kind), (instance) => destroy(call.world, instance))
  )
]

const plans: FluenceRoute["handler"] = ({ world }) =>
  ok([...world.plans.values()].filter(({ id }) => !world.state.taken.includes(id)).map(planRow))

/**
 * The routes of the GPU family.
 *
 * - Collections of containers end in a slash, nothing else does. Source: Fluence docs, Manage instances.
 */
export const gpuRoutes: readonly FluenceRoute[] = [
  route("GET", "/gpu/plans/", plans),
  // Without its slash in the example of the introduction, where no other collection is.
  route("GET", "/gpu/plans", plans),
  route("GET", "/gpu/default-images/", () => ok(defaultImages)),
  // What these two answer is in no document: systems stand in the plans, so the list is empty. Source: GPU API
  // introduction.
  route("GET", "/gpu/default-images/vms", () => ok([])),
  route("GET", "/gpu/default-images/baremetal", () => ok([])),
  route("GET", "/gpu/instances/", list("container")),
  route("POST", "/gpu/instances/", (call) =>
    withBody(call, containerOrderIn, (order) => deployed(deployContainer(call.world, order)))
  ),
  route("GET", "/gpu/instances/{instance_id}", (call) =>
    withInstance(call, isContainer, (instance) => ok(detailRow(call.world, instance)))
  ),
  route("PUT", "/gpu/instances/{instance_id}", update),
  route("DELETE", "/gpu/instances/{instance_id}", (call) =>
    withInstance(call, isContainer, (instance) => destroy(call.world, instance))
  ),
  route("GET", "/gpu/instances/{instance_id}/logs", lines("logs")),
  route("GET", "/gpu/instances/{instance_id}/events", lines("events")),
  ...osRoutes("vm", "vms"),
  ...osRoutes("baremetal", "baremetal")
]
