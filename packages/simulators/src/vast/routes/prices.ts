import { ok, type Reply } from "../../kit/http.ts"
import { type Call, failure, idIn, invalidJson, success } from "../http.ts"
import { diskPerHour } from "../market.ts"
import { findMachine, type PriceIncrease, type World } from "../world.ts"

const pendingIn = ({ state }: World): PriceIncrease[] =>
  state.priceIncreases.filter(({ contract }) =>
    state.machines.some(({ id, destroyedAt }) => id === contract && destroyedAt === null)
  )

const rowOf = (world: World, { id, contract, factor, createdAt }: PriceIncrease) => {
  const machine = findMachine(world, contract)
  const offer = machine && world.offers.get(machine.offerId)
  const gpu = (machine?.price ?? 0) / 3600
  const disk = machine ? diskPerHour(machine.storageCost, machine.disk) / 3600 : 0
  const end = machine ? machine.endAt / 1000 : null
  return {
    ...{ pending_price_increase_id: id, contract_id: contract, host_id: Number(offer?.fixed.host_id ?? 0) },
    ...{ new_gpu_costpersec: gpu * factor, new_disk_ram_costpersec: disk * factor },
    ...{ new_bwu_cost: null, new_bwd_cost: null, new_platform_fee: null },
    ...{ old_gpu_costpersec: gpu, old_disk_ram_costpersec: disk },
    ...{ old_bwu_cost: null, old_bwd_cost: null, old_platform_fee: null },
    ...{ contract_end_date: end, ask_end_date: end === null ? null : end + 2_592_000, created_at: createdAt / 1000 }
  }
}

/** GET /api/v0/instances/pending-price-increases/. Source: vast-cli, vastai/api/price_increase.py. */
export const pendingPrices = ({ world }: Call): Reply => {
  const rows = pendingIn(world).map((increase) => rowOf(world, increase))
  return ok({ success: true, count: rows.length, truncated: false, pending_price_increases: rows })
}

/**
 * PUT /api/v0/instances/accept-price-increase/ and reject-price-increase/. Source: vast-cli, vastai/api/price_increase.py.
 *
 * - Another key in the body is a 400; one that is no longer pending a 404 `no_pending_price_increase`.
 * - What an accepted one changes at the contract's end isn't documented: nothing here.
 */
export const decidePrice = ({ world, body, bodyIsJson }: Call): Reply => {
  if (!bodyIsJson) return invalidJson()
  const id = idIn(String(body.pending_price_increase_id))
  if (id === undefined || Object.keys(body).length !== 1)
    return failure(400, "invalid_args", "the body is a pending_price_increase_id and nothing else")
  const found = pendingIn(world).find((increase) => increase.id === id)
  if (found === undefined) return { status: 404, json: { success: false, error: "no_pending_price_increase" } }
  world.state.priceIncreases = world.state.priceIncreases.filter((other) => other !== found)
  return success({ pending_price_increase_id: id, contract_id: found.contract })
}
