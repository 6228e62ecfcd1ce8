/**
 * Why a card is slower than it could be, by the end of the field that says so.
 *
 * - That it idles, or that its user has set its clocks, is no trouble and not here.
 */
const reasons: ReadonlyArray<readonly [field: RegExp, words: string]> = [
  [/hw_thermal_slowdown$/, "it is too hot"],
  [/sw_thermal_slowdown$/, "its driver holds it back for heat"],
  [/hw_power_brake_slowdown$/, "the power supply holds it back"],
  [/hw_slowdown$/, "it holds itself back"]
]

/** The reasons that are active, in words; fields are called `throttle` before the drivers of 2023, and `event` since. */
export const slowdownsIn = (fields: Iterable<readonly [field: string, text: string]>): ReadonlyArray<string> => {
  const active = [...fields].filter(([, text]) => text === "Active").map(([field]) => field)
  return reasons.flatMap(([field, words]) => (active.some((name) => field.test(name)) ? [words] : []))
}
