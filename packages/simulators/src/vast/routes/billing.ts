import { ok, type Reply } from "../../kit/http.ts"
import { type Call, failure, idIn, invalidJson, success } from "../http.ts"
import { occupy, wake } from "../lifecycle.ts"
import type { Machine } from "../machine.ts"
import { diskPerHour, minBidOf } from "../market.ts"
import { money } from "../money.ts"
import { findMachine } from "../world.ts"

const machineIn = ({ world, params }: Call): Machine | undefined => {
  const id = idIn(params.id)
  return id === undefined ? undefined : findMachine(world, id)
}

/**
 * PUT /api/v0/instances/bid_price/{id}/, the bid per machine and hour. Source: Vast docs.
 *
 * - A null price chooses a winning bid. Source: vast-cli, help of change bid.
 * - At most 32 per GPU (x-input-validation). On an on-demand instance it's undocumented, taken as a 400.
 * - A bid raised over the minimum resumes an interrupted instance. Source: Vast docs, instance types.
 */
export const changeBid = (call: Call): Reply => {
  if (!call.bodyIsJson) return invalidJson()
  const { world, body } = call
  const machine = machineIn(call)
  if (machine === undefined) return failure(404, "no_such_instance", "Instance with that ID does not exist.")
  const offer = world.offers.get(machine.offerId)
  if (!machine.isBid || offer === undefined) return failure(400, "invalid_args", "Instance is not interruptible.")
  const price = body.price ?? minBidOf(world, offer, undefined, machine)
  if (typeof price !== "number" || Number.isNaN(price) || price < 0.001)
    return failure(400, "invalid_args", "Please set a bid price >= 0.001.")
  const most = 32 * Number(offer.fixed.num_gpus)
  if (price > most) return failure(400, "invalid_args", `Please set a bid price <= ${most}.`)
  machine.price = price
  if (machine.holdsGpu) occupy(world, machine)
  else wake(world, machine.offerId)
  return success()
}

/**
 * PUT /api/v0/instances/prepay/{id}/ moves credit into a deposit of the instance. Source: Vast docs.
 *
 * - The deposit pays for the instance before the credit does, and its rest comes back on destroy. The discount and the
 *   fee of an early end aren't simulated: their arithmetic is undocumented.
 */
export const prepay = (call: Call): Reply => {
  if (!call.bodyIsJson) return invalidJson()
  const machine = machineIn(call)
  const refused = (status: number, msg: string): Reply => ({ status, json: { success: false, msg } })
  if (machine === undefined) return refused(400, "No such instance")
  const { amount } = call.body
  if (typeof amount !== "number" || !(amount > 0)) return refused(400, "Invalid amount")
  const units = money.toUnits(amount)
  if (units > call.world.state.credit) return refused(411, "Insufficient credit")
  call.world.state.credit -= units
  machine.meter.deposit += units
  const months = amount / ((machine.price + diskPerHour(machine.storageCost, machine.disk)) * 720)
  machine.discountMonths = Math.floor(months)
  return success({ timescale: months, discount_rate: 0 })
}

/** GET /api/v0/instances/balance/{id}/. Source: Vast docs. */
export const showDeposit = (call: Call): Reply => {
  const machine = machineIn(call)
  if (machine === undefined) return failure(404, "no_such_instance", "Instance not found")
  return success({
    refundable_deposit: money.toDollars(machine.meter.deposit),
    total_discount: 0,
    discount_months: machine.discountMonths
  })
}

/**
 * GET /api/v0/users/current/. Source: Vast docs; the guides add `credit`, the spendable amount.
 *
 * - `balance` shows the same amount: how they differ is undocumented.
 * - `api_key` is sent, for the official client removes it before it prints; the reference page says it's excluded.
 */
export const showUser = ({ world, apiKey }: Call): Reply => {
  const credit = money.toDollars(world.state.credit)
  return ok({
    id: world.userId,
    key_id: 7,
    email: "you@example.com",
    credit,
    balance: credit,
    ssh_key: world.state.keys.map((key) => key.publicKey).join("\n"),
    sid: "simulator",
    api_key: apiKey
  })
}
