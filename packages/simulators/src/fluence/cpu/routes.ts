import { ok, type Reply } from "../../kit/http.ts"
import { bodyField, type Field, items, member, text } from "../form.ts"
import { type Call, type FluenceRoute, failed, noContent } from "../http.ts"
import type { CpuMachine } from "../machine.ts"
import { toDecimal } from "../money.ts"
import type { World } from "../world.ts"
import { candidatesFor, choose, constraintsIn, constraintsOf, extraOf } from "./constraints.ts"
import { beginDelete, createCpu, depositEpochs } from "./lifecycle.ts"
import { cpuOffers, defaultImages, type Hardware } from "./offers.ts"
import { type CpuUpdate, configurationIn, cpuUpdateIn, instancesIn } from "./order.ts"
import { cpuRow, datacenterRow, type ListVersion, offerRow, statusRow } from "./row.ts"

/** Reads a body and goes on, or answers a 400 with what is wrong first. Its status and words are undocumented. */
const withBody = <A>({ body, bodyIsJson }: Call, read: (field: Field) => A, go: (order: A) => Reply): Reply => {
  if (!bodyIsJson) return failed(400, "Input validation error: body is no JSON object")
  const field = bodyField(body)
  const order = read(field)
  const [first] = field.issues
  if (first === undefined) return go(order)
  return failed(
    400,
    `Input validation error: ${first.loc.slice(1).join(".")}: ${first.msg.replace(/^Value error, /, "")}`
  )
}

const listed = ({ state }: World) => state.cpus.filter(({ removed, listedAt }) => !removed && listedAt <= state.at)

const find = ({ state }: World, id: string): CpuMachine | undefined =>
  state.cpus.find((machine) => !machine.removed && machine.id.toLowerCase() === id.toLowerCase())

const list = (version: ListVersion) => (call: Call) =>
  ok(listed(call.world).map((machine) => cpuRow(call.world, machine, version)))

/**
 * POST /vms/v3. Source: Fluence docs, Order VM.
 *
 * - An account that can't pay the deposit, and the status of both answers, are undocumented.
 */
const create = (call: Call) =>
  withBody(
    call,
    (body) => ({
      wanted: constraintsOf(body),
      instances: instancesIn(body),
      configuration: configurationIn(body)
    }),
    ({ wanted, instances, configuration }) => {
      const { world } = call
      const chosen = choose(world, wanted, instances)
      if (typeof chosen === "string") return failed(422, chosen)
      const deposit = chosen.reduce((sum, { price }) => sum + price * BigInt(depositEpochs), 0n)
      if (world.state.credit < deposit) return failed(400, "Insufficient balance")
      const order = { ...configuration, extraStorage: extraOf(wanted) }
      const made = chosen.map((candidate) => createCpu(world, candidate, order))
      return ok(made.map(({ id, name }) => ({ vmId: id, vmName: name })))
    }
  )

/** POST /vms/v3/estimate. Source: Fluence docs, Get offerings. */
const estimate = (call: Call) =>
  withBody(
    call,
    (body) => ({ wanted: constraintsOf(body), instances: instancesIn(body) }),
    ({ wanted, instances }) => {
      const chosen = choose(call.world, wanted, instances)
      if (typeof chosen === "string") return failed(422, chosen)
      const total = chosen.reduce((sum, { price }) => sum + price, 0n)
      return ok({
        depositAmountUsdc: toDecimal(total * BigInt(depositEpochs)),
        depositEpochs,
        totalPricePerEpoch: toDecimal(total),
        maxPricePerEpoch: toDecimal(chosen.at(-1)?.price ?? 0n),
        instances
      })
    }
  )

/** Applies updates, all or none; effective at once. An unknown machine: undocumented. Source: Fluence docs, Update VM ports and name. */
const update = (world: World, updates: readonly CpuUpdate[]): Reply => {
  const found = updates.map(({ id }) => find(world, id))
  if (found.includes(undefined)) return failed(404, "VM not found")
  for (const [index, { name, ports }] of updates.entries()) {
    const machine = found[index]
    if (machine === undefined) continue
    machine.name = name ?? machine.name
    machine.ports = ports ?? machine.ports
  }
  return noContent
}

/**
 * DELETE /vms/v3, of many at once. Source: Fluence docs, Delete a VM.
 *
 * - The body of the answer is that of a client of the API; an unknown machine is left out of it: undocumented.
 */
const destroy = (call: Call) =>
  withBody(
    call,
    (body) => items(member(body, "vmIds")).map(text),
    (ids) => {
      const machines = ids.flatMap((id) => find(call.world, id) ?? [])
      for (const machine of machines) beginDelete(call.world, machine)
      return ok({ removed_ids: machines.map(({ id }) => id), transactions: [] })
    }
  )

const distinct = <A>(values: readonly A[]): A[] => [
  ...new Map(values.map((value) => [JSON.stringify(value), value])).values()
]

const hardware = <Part extends keyof Hardware>(part: Part) => cpuOffers.map((offer) => offer.hardware[part])

const route = (method: string, path: string, handler: FluenceRoute["handler"]): FluenceRoute => ({
  method,
  path,
  handler
})

/** The routes of the CPU family: the lists and updates of both versions, everything else of v3. */
export const cpuRoutes: readonly FluenceRoute[] = [
  route("GET", "/vms/v2", list("v2")),
  route("GET", "/vms/v3", list("v3")),
  route("POST", "/vms/v3", create),
  route("PATCH", "/vms/v2", (call) => withBody(call, cpuUpdateIn, (change) => update(call.world, [change]))),
  route("PATCH", "/vms/v3", (call) =>
    withBody(
      call,
      (body) => items(member(body, "updates")).map(cpuUpdateIn),
      (changes) => update(call.world, changes)
    )
  ),
  route("DELETE", "/vms/v3", destroy),
  route("GET", "/vms/v3/status", ({ world, query }) => {
    const ids = (query.get("ids") ?? "").toLowerCase().split(",")
    return ok(
      listed(world)
        .filter(({ id }) => ids.includes(id.toLowerCase()))
        .map((machine) => statusRow(world, machine))
    )
  }),
  route("GET", "/vms/v3/default_images", () => ok(defaultImages)),
  route("POST", "/vms/v3/estimate", estimate),
  route("POST", "/marketplace/offers", (call) =>
    withBody(call, constraintsIn, (wanted) => ok(candidatesFor(call.world, wanted).map(offerRow)))
  ),
  route("GET", "/marketplace/basic_configurations", () => ok(distinct(cpuOffers.map(({ slug }) => slug)))),
  route("GET", "/marketplace/countries", () =>
    ok(distinct(cpuOffers.map(({ datacenter }) => datacenter.countryCode)).sort())
  ),
  route("GET", "/v1/marketplace/datacenters", () =>
    ok(distinct(cpuOffers.map(({ datacenter }) => datacenter)).map(datacenterRow))
  ),
  route("GET", "/marketplace/hardware", () =>
    ok({
      cpu: distinct(hardware("cpu").map(({ manufacturer, architecture }) => ({ manufacturer, architecture }))),
      memory: distinct(hardware("memory")),
      storage: distinct(hardware("storage"))
    })
  )
]
