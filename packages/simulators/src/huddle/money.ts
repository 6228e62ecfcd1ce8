import { createMoney } from "../kit/money.ts"

/** Prices to the micro-dollar per hour, charged by the second. */
export const money = createMoney({ exactTo: "micro", split: 3600n })

/** Units to whole cents, rounded half up as the worked example rounds. Source: Huddle01 docs, GPU Billing. */
export const toCents = (units: bigint): number => Math.round(Number(units) / (Number(money.unitsPerDollar) / 100))
