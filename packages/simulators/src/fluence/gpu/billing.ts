import { planAt } from "../../kit/timeline.ts"
import type { Instance } from "../machine.ts"
import { nextHour } from "../stamp.ts"
import type { World } from "../world.ts"

/**
 * Takes the rent of a deployment: an hour is charged for the clock hour it begins in, the rest is its reserve.
 *
 * - Source: Fluence docs, Instance rent, billing model (3 hours leave the account, 1 is charged at once).
 */
export const chargeDeployment = (world: World, instance: Instance): void => {
  const reserve = instance.hourly * BigInt(instance.reserveHours)
  world.state.credit -= instance.hourly + reserve
  instance.spent += instance.hourly
  instance.reserved += reserve
  planAt(world, instance.id, nextHour(world.state.at), "charge")
}

/**
 * Fills the reserve of an instance from the account.
 *
 * - An account that has too little gives what it has, and the rest when it has more: undocumented beyond "keeps retrying".
 */
export const refill = (world: World, instance: Instance): void => {
  if (instance.over || instance.ending) return
  const missing = instance.hourly * BigInt(instance.reserveHours) - instance.reserved
  const short = missing - world.state.credit
  const taken = short > 0n ? world.state.credit : missing
  if (taken <= 0n) return
  world.state.credit -= taken
  instance.reserved += taken
}

/** Charges an hour from the reserve, refilled before and after; false when it can't be paid. Source: as above. */
export const chargeHour = (world: World, instance: Instance): boolean => {
  refill(world, instance)
  if (instance.reserved < instance.hourly) return false
  instance.reserved -= instance.hourly
  instance.spent += instance.hourly
  refill(world, instance)
  planAt(world, instance.id, nextHour(world.state.at), "charge")
  return true
}

/** Gives the reserve back to the account. Source: Fluence docs, Manage instances, Terminate a container. */
export const refundReserve = ({ state }: World, instance: Instance): void => {
  state.credit += instance.reserved
  instance.reserved = 0n
}

/** Gives everything back: the price of a deployment that failed. Source: Fluence docs, Instance rent, billing model. */
export const refundAll = (world: World, instance: Instance): void => {
  refundReserve(world, instance)
  world.state.credit += instance.spent
  instance.spent = 0n
}
