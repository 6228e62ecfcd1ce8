import type { AnyProvider, Ledger } from "@anygpu/core"
import type { Gpu } from "../client/gpu.ts"
import { marketBefore, pricesBefore } from "./market.ts"
import { recordPricesWith } from "./record.ts"

/** What a client does with the prices of the market. */
export const marketCalls = (
  providers: ReadonlyArray<AnyProvider>,
  ledger: Ledger
): Pick<Gpu, "recordPrices" | "market" | "prices"> => ({
  recordPrices: recordPricesWith(providers, ledger),
  market: marketBefore(ledger),
  prices: pricesBefore(ledger)
})
