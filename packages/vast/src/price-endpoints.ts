import { endpoint } from "@anygpu/core/adapter"
import * as z from "zod"
import { Id } from "./ids.ts"

const rate = z.number().nullish()

/**
 * A price that a host wants from the end of a contract on, which its renter accepts or rejects. What the rates count is not
 * documented beyond their names.
 */
export const PriceIncrease = z.object({
  pending_price_increase_id: Id,
  contract_id: Id,
  host_id: rate,
  new_gpu_costpersec: rate,
  old_gpu_costpersec: rate,
  new_disk_ram_costpersec: rate,
  old_disk_ram_costpersec: rate,
  new_bwu_cost: rate,
  old_bwu_cost: rate,
  new_bwd_cost: rate,
  old_bwd_cost: rate,
  new_platform_fee: rate,
  old_platform_fee: rate,
  contract_end_date: rate,
  ask_end_date: rate,
  created_at: rate
})
export type PriceIncrease = z.infer<typeof PriceIncrease>

/** Rows stay unknown here: they are decoded one by one, so that one bad row costs only itself. */
export const PriceIncreasesAnswer = z.object({
  success: z.literal(true),
  truncated: z.boolean().nullish().catch(true),
  pending_price_increases: z.array(z.unknown())
})

/** Any other key is refused. */
const PriceDecision = z.strictObject({ pending_price_increase_id: z.number().int() })
const PriceDecided = z.object({ success: z.literal(true), pending_price_increase_id: Id, contract_id: Id })

/** The routes about prices that hosts want from the end of a contract on. */
export const priceEndpoints = {
  /** Prices that hosts want from the end of a contract on, for the renter to accept or reject. */
  listPriceIncreases: endpoint({
    operation: "listPriceIncreases",
    method: "GET",
    path: "/api/v0/instances/pending-price-increases/",
    answer: PriceIncreasesAnswer,
    repeat: "safe",
    source: "vast-cli, vastai/api/price_increase.py"
  }),
  /** Accepts one. `NotFound` when it is not pending any more. */
  acceptPriceIncrease: endpoint({
    operation: "acceptPriceIncrease",
    method: "PUT",
    path: "/api/v0/instances/accept-price-increase/",
    body: PriceDecision,
    answer: PriceDecided,
    repeat: "refused-only",
    source: "vast-cli, vastai/api/price_increase.py"
  }),
  /** Rejects one. `NotFound` when it is not pending any more. */
  rejectPriceIncrease: endpoint({
    operation: "rejectPriceIncrease",
    method: "PUT",
    path: "/api/v0/instances/reject-price-increase/",
    body: PriceDecision,
    answer: PriceDecided,
    repeat: "refused-only",
    source: "vast-cli, vastai/api/price_increase.py"
  })
} as const
