import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import { earlierRented, type Order, orderOf, quoteJson, type Rented } from "./launch.run.ts"
import type { launchInput } from "./launch.ts"
import { withPlaces } from "./machines/attached.ts"
import type { QuotedJson } from "./protocol/answers/launched.ts"
import { leasedJson } from "./protocol/model.ts"

/** What a launch would rent, or what an earlier one with its key has rented. */
export interface Quoted {
  readonly order: Order
  readonly quote: Rented["quote"]
  readonly earlier: Rented | null
}

/** Quotes a launch; nothing is rented. */
export const run = async (context: OperationContext, input: InputOf<typeof launchInput>): Promise<Quoted> => {
  const { out, signal } = context
  const order = await withPlaces(context, orderOf(input))
  const gpu = await context.gpu()
  const quote = await out.during("quoting", () => gpu.quote(order, { signal }))
  if (quote.is === "offered") return { order, quote, earlier: null }
  return { order, quote: null, earlier: await earlierRented(context, order, quote.instance) }
}

/** The quote in JSON. */
export const encode = ({ order, quote, earlier }: Quoted): QuotedJson => ({
  quote: quote && quoteJson(order, quote),
  machine: earlier && leasedJson(earlier.instance, earlier.until, earlier.endedBy)
})
