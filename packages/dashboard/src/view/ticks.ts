const steps = [1, 2, 2.5, 5, 10]

/** Round values from 0 that cover `most`, at about `count` of them. */
export const valueTicks = (most: number, count: number): ReadonlyArray<number> => {
  if (!(most > 0)) return [0, 1]
  const rough = most / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = (steps.find((one) => one * power >= rough) ?? 10) * power
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, index) => Number((index * step).toPrecision(12)))
}

const minute = 60_000
const lengths = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 5760, 10_080, 20_160, 43_200, 86_400]

/** Moments between two others at which a clock reads something round; `offset` is that of the time zone. */
export const timeTicks = (from: number, to: number, count: number, offset: number): ReadonlyArray<number> => {
  const span = Math.max(minute, to - from)
  const step = (lengths.find((one) => span / (one * minute) <= count) ?? 129_600) * minute
  const first = Math.ceil((from + offset) / step) * step - offset
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, index) => first + index * step)
}
