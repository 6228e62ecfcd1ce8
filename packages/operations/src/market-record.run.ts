import type { RecordedPrices } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { MarketRecordJson } from "./protocol/answers/market.ts"
import { gatheredJson } from "./protocol/model.ts"

/** Looks at all offers once, and writes down what changed. */
export const run = async ({ gpu, out, signal }: OperationContext): Promise<RecordedPrices> => {
  const client = await gpu()
  return await out.during("asking for offers", () => client.recordPrices({ signal }))
}

/** What a look came to, in JSON. */
export const encode = ({
  at,
  changed,
  gone,
  same,
  unpriced,
  withoutGpu,
  complete,
  problems
}: RecordedPrices): MarketRecordJson => ({
  ...{ changed, gone, same, unpriced, withoutGpu },
  ...gatheredJson({ complete, problems, observedAt: at })
})
