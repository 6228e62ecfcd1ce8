import { InvalidRequest, type Market } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import { present } from "./input/present.ts"
import type { marketShowInput } from "./market-show.ts"
import type { MarketShowJson } from "./protocol/answers/market.ts"
import { moneyOrNull, timeJson } from "./protocol/model.ts"

const week = 7 * 24 * 3_600_000

/** Reads what a GPU has cost. */
export const run = async (
  { gpu: client, now }: OperationContext,
  { gpu, since, from, to, cloud, interruptible }: InputOf<typeof marketShowInput>
): Promise<Market> => {
  if (since !== undefined && from !== undefined) {
    throw InvalidRequest.of("since", "and from both say where to begin: give one of them")
  }
  const beginning = from ?? new Date((to?.getTime() ?? now()) - (since ?? week))
  return await (await client()).market({ gpu, from: beginning, ...present({ to, clouds: cloud, interruptible }) })
}

const hourJson = (hour: number): string => timeJson({ epochMilliseconds: hour })

/** What a GPU has cost, in JSON. */
export const encode = ({ gpus, interruptible, from, to, hours, looked }: Market): MarketShowJson => ({
  ...{ gpus: [...gpus], interruptible, from: from && timeJson(from), to: timeJson(to) },
  hours: hours.map(({ hour, provider, kind, gpu, min, median, max, count }) => ({
    ...{ hour: hourJson(hour), provider, kind, gpu },
    ...{ min: moneyOrNull(min), median: moneyOrNull(median), max: moneyOrNull(max), count }
  })),
  looked: looked.map(({ hour, provider, kind }) => ({ hour: hourJson(hour), provider, kind }))
})
