import { type GpuError, Listing, type Offer, type Problem } from "@anygpu/core"
import { type Caller, mapRows } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { listingOf } from "../listing.ts"
import { gpuEndpoints } from "./endpoints.ts"
import { containerOffers, machineOffer } from "./to-domain.ts"
import * as wire from "./wire.ts"

/** The container plans, one offer per plan and place. */
export const containerPlans = (caller: Caller): Effect.Effect<Listing<Offer<"fluence", "container">>, GpuError> =>
  listingOf(caller, {
    schema: wire.ContainerPlan,
    read: caller.call(gpuEndpoints.listContainerPlans, { kind: "container" }),
    part: "plans",
    operation: "listContainerPlans",
    kind: "container",
    id: "plan.id",
    idOf: ({ plan }) => plan.id,
    items: containerOffers
  })

/** An option of a plan list, with the GPUs of the groups that it stands in. */
interface Found {
  readonly model: wire.Model | null | undefined
  readonly count: number | null | undefined
  readonly option: wire.Option
  readonly native: unknown
}

/** How the plans of a kind are listed: the same shape under two paths. */
const lists = { vm: gpuEndpoints.listGpuVmPlans, baremetal: gpuEndpoints.listBaremetalPlans } as const

/** Walks model, number and option; what cannot be read costs itself and what is in it. */
const optionsOf = Effect.fnUntraced(function* (caller: Caller, kind: keyof typeof lists) {
  const observedAt = yield* DateTime.now
  const { data } = yield* caller.call(lists[kind], { kind })
  const { operation } = lists[kind]
  const items: Found[] = []
  const problems: Problem[] = []
  const models = yield* caller.rows(wire.ModelGroup, data, {
    operation,
    kind,
    part: "data",
    id: "availability_by_number"
  })
  problems.push(...models.problems)
  for (const { gpu_model: model, availability_by_number } of models.rows) {
    const name = model?.model ?? "unnamed GPU"
    const at = { operation, kind, part: `${name}, numbers`, id: "options" }
    const numbers = yield* caller.rows(wire.NumberGroup, availability_by_number, at)
    problems.push(...numbers.problems)
    for (const { gpu_count: count, options } of numbers.rows) {
      const part = `${count ?? "?"} x ${name}, options`
      const { rows, native, problems: bad } = yield* caller.rows(wire.Option, options, { ...at, part, id: "id" })
      problems.push(...bad)
      items.push(...rows.map((option, index) => ({ model, count, option, native: native[index] })))
    }
  }
  return Listing.read({ items, observedAt, problems })
})

/** The plans of VMs or of bare metal, one offer per option. */
export const machinePlans = <K extends keyof typeof lists>(
  caller: Caller,
  kind: K
): Effect.Effect<Listing<Offer<"fluence", K>>, GpuError> =>
  Effect.map(optionsOf(caller, kind), ({ items: found, observedAt, problems: before }) => {
    const source = { provider: "fluence", kind, operation: lists[kind].operation, part: "options", idField: "option" }
    const { items, problems } = mapRows(
      found,
      { ...source, idOf: ({ option }) => option.id },
      ({ option, native, ...gpus }) => [machineOffer(kind, gpus, option, native, observedAt)]
    )
    return Listing.read({ items, observedAt, problems: [...before, ...problems] })
  })

/** Every system that a plan of this kind offers; `native` names the plans that have it. */
export const systems = (caller: Caller, kind: keyof typeof lists) =>
  Effect.map(optionsOf(caller, kind), (found) => {
    const plans = new Map<string, string[]>()
    for (const { option } of found) {
      for (const os of option.os_options ?? []) plans.set(os, [...(plans.get(os) ?? []), option.id])
    }
    return found.with([...plans].map(([os, ids]) => ({ id: os, name: os, native: { plans: ids } })))
  })
