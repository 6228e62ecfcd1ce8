import type { CommonEffect, Fault } from "../kit/fault.ts"
import { isObject, type Reply } from "../kit/http.ts"
import { type EndBy, type UsualEffect, withStatus } from "../kit/usual-faults.ts"
import { failure } from "./http.ts"
import { keepStopped } from "./lifecycle.ts"
import { findMachine, type World } from "./world.ts"

/**
 * What only a fault of Vast does to a request.
 *
 * - `refuse`: HTTP 200 with `success: false`. With `made`, the effect took place: a create leaves a stopped contract and
 *   the answer carries its `new_contract`.
 * - `capacity`: a create loses its offer to somebody else: 404, 410 (default) or 400, all saying `no_such_ask`.
 * - `unknown-status`: instances in the answer read a status this simulator never stores (`actual_status`).
 */
export type VastEffect =
  | { readonly kind: "refuse"; readonly error: string; readonly msg: string; readonly made?: boolean }
  | { readonly kind: "capacity"; readonly status?: 404 | 410 | 400 }
  | Extract<UsualEffect, { readonly kind: "unknown-status" }>

/** What a fault does to a request: what any cloud's can do, and Vast's own. */
export type FaultEffect = CommonEffect | VastEffect

/** A fault to come. Logs are read under `/vast.ai/instance_logs/`. */
export type VastFault = Fault<VastEffect>

type Effect<Kind extends VastEffect["kind"]> = Extract<VastEffect, { kind: Kind }>

/** The ways a create loses its offer, each in the words of its status. Source: Vast docs, PUT /api/v0/asks/{id}/. */
const noCapacity = (status: 404 | 410 | 400, offer: string): Reply => {
  const ask = { ask_id: Number(offer) }
  if (status === 410)
    return failure(
      410,
      "no_such_ask",
      `error 410/3907: no_such_ask Instance type ${offer} is no longer available.`,
      ask
    )
  // 400 with no_such_ask for a stale offer was observed by other clients.
  const error = status === 404 ? "invalid_args" : "no_such_ask"
  return failure(status, error, `error ${status}/3603: no_such_ask Instance type by id ${offer} is not available.`, ask)
}

const refusal = (world: World, { error, msg, made }: Effect<"refuse">, act: () => Reply): Reply => {
  if (made !== true) return failure(200, error, msg)
  const { json } = act()
  const contract = isObject(json) ? json.new_contract : undefined
  if (typeof contract !== "number") return failure(200, error, msg)
  const machine = findMachine(world, contract)
  if (machine !== undefined) keepStopped(world, machine, null)
  return failure(200, error, msg, { new_contract: contract })
}

/** Ends a request by an effect of Vast's own; `act` makes the request's effect take place, once. */
export const endBy: EndBy<VastEffect, World> = (effect, { url }, act, world) => {
  switch (effect.kind) {
    case "refuse":
      return refusal(world, effect, act)
    case "capacity":
      return noCapacity(effect.status ?? 410, url.pathname.split("/").at(-2) ?? "")
    case "unknown-status":
      return withStatus(act(), ["actual_status"], effect.status ?? "hibernating")
  }
}
