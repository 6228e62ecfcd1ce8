import { type Money, money, scaleMoney } from "@anygpu/core"

/** A price above zero; Runpod shows 0 for none. */
export const priceOf = (amount: number | null | undefined): Money | null =>
  amount != null && Number.isFinite(amount) && amount > 0 ? money(amount) : null

/** How long a month of disk is in hours is not documented: the shortest makes the highest price. */
export const hoursPerMonth = 720

/** USD per GB and month of container and volume disk while a pod runs. Source: Runpod docs, pods/pricing. */
export const diskPerMonth = money("0.1")
/** The same of volume disk while it is stopped. */
const stoppedPerMonth = money("0.2")

/** USD per GB and month of a network volume: of the first terabyte, and beyond. Source: Runpod docs, pods/pricing. */
export const networkPerMonth = [money("0.07"), money("0.05")] as const

/** What so many GB of disk cost per hour, for a pod that runs and for one that is stopped. */
export const diskPerHour = (gb: number, isStopped = false): Money =>
  scaleMoney(isStopped ? stoppedPerMonth : diskPerMonth, gb, hoursPerMonth)
