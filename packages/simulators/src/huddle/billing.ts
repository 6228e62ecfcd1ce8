import { cancelPlan, plan } from "../kit/timeline.ts"
import type { Deployment } from "./deployment.ts"
import type { World } from "./world.ts"

/** Source: Huddle01 docs, Deployments, Billing: the minimum charge, and how often credit is deducted. */
const minimumSeconds = 600
const deductEvery = 600_000

/** Whole seconds on the meter so far: a second that isn't over isn't counted. */
export const secondsOf = ({ meteredMs, meteredSince }: Deployment, at: number): number =>
  Math.floor((meteredMs + (meteredSince === null ? 0 : at - meteredSince)) / 1000)

/**
 * What a deployment has come to, in units: exact to the second after the minimum.
 *
 * - Source: Huddle01 docs, Deployments, Billing ("even if you delete an instance within seconds").
 * - One that got no hardware costs nothing. One that broke before its meter began costs nothing either: undocumented.
 */
export const owedBy = (deployment: Deployment, at: number): bigint => {
  const seconds = secondsOf(deployment, at)
  if (!deployment.allocated || (seconds === 0 && !deployment.minimumOwed)) return 0n
  return BigInt(deployment.price) * BigInt(Math.max(minimumSeconds, seconds))
}

/** Deducts what a deployment has come to since the last time. */
const deduct = (world: World, deployment: Deployment): void => {
  const owed = owedBy(deployment, world.state.at)
  world.state.credit -= owed - deployment.charged
  deployment.charged = owed
}

/** Starts the meter; credit is deducted every ten minutes. */
export const startMeter = (world: World, deployment: Deployment): void => {
  if (deployment.meteredSince !== null) return
  deployment.meteredSince = world.state.at
  plan(world, deployment.id, deductEvery, "bill")
}

/** Stops the meter and deducts the rest at once. */
export const stopMeter = (world: World, deployment: Deployment): void => {
  if (deployment.meteredSince !== null) deployment.meteredMs += world.state.at - deployment.meteredSince
  deployment.meteredSince = null
  cancelPlan(world, deployment.id)
  deduct(world, deployment)
}

/** The deduction of ten minutes, and the next one. */
export const bill = (world: World, deployment: Deployment): void => {
  if (deployment.meteredSince === null) return
  deduct(world, deployment)
  plan(world, deployment.id, deductEvery, "bill")
}
