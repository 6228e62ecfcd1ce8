import { launch } from "@anygpu/operations"
import { moneyJson } from "@anygpu/operations/encode"
import { readInput } from "@anygpu/operations/json"
import { launchedShape, money, type QuoteJson, time } from "@anygpu/operations/protocol"
import { encodeRented, orderOf, quoteJson, rent } from "@anygpu/operations/run"
import type { Money } from "anygpu"
import type { Context } from "../context.ts"
import { ownerHere } from "../owner-here.ts"
import type { Keeper } from "./keeper.ts"
import { Quoted } from "./refusal.ts"
import type { Tool } from "./tool.ts"

/** What one session spends with: the client of its context keeps the limit over all launches. */
export interface Purse {
  readonly context: Context
  readonly limit: Money
  readonly keeper: Keeper
  /** The keys of the runs that this session began. */
  readonly begun: Set<string>
}

const output = launchedShape.extend({
  limit: money.describe("what all launches of this session may cost together"),
  endsAt: time
    .nullable()
    .describe(
      "when this server ends the machine; should the server be gone by then, `anygpu sweep` does. Null: it does not"
    )
})

/** Rents a machine within the session's limit, and ends it when its time is over. */
export const renting = (tool: Tool, { context, limit, keeper }: Purse): Tool => ({
  ...tool,
  output,
  description:
    `${tool.description} This server does so by itself while it runs. Refused when all launches together, those of ` +
    "earlier sessions too, would cost more than the limit of this server.",
  run: async ({ input: given, signal }) => {
    const order = { owner: ownerHere(), ...orderOf(readInput(launch.input, given, context)) }
    let shown: QuoteJson | null = null
    try {
      const rented = await rent({ ...context, signal }, order, {
        accept: async (quote) => {
          shown = quoteJson(order, quote)
          return order.name
        }
      })
      const { instance, quote, until } = rented
      if (quote && until !== null) {
        keeper.keep({ ref: instance.ref, until, due: context.monotonic() + until - context.now() })
      }
      // The machine of another session is ended by that one.
      const endsAt = keeper.has(instance.ref) && until !== null ? new Date(until).toISOString() : null
      // This session ends it in time, whoever else does.
      const endedBy = rented.endedBy === "nobody" && endsAt !== null ? "process" : rented.endedBy
      return { ...encodeRented({ ...rented, endedBy }), limit: moneyJson(limit), endsAt }
    } catch (error) {
      throw shown === null ? error : new Quoted(error, shown)
    }
  }
})
