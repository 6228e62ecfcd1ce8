const units: ReadonlyArray<readonly [name: string, seconds: number]> = [
  ["d", 86_400],
  ["h", 3600],
  ["m", 60],
  ["s", 1]
]

/** A length of time in its two greatest units: `2h 5m`, `45s`. */
export const durationText = (millis: number): string => {
  const seconds = Math.max(0, Math.round(millis / 1000))
  const first = units.findIndex(([, size]) => seconds >= size)
  if (first < 0) return "0s"
  const shown = units.slice(first, first + 2).reduce<{ readonly left: number; readonly parts: ReadonlyArray<string> }>(
    ({ left, parts }, [name, size]) => {
      const count = Math.floor(left / size)
      return { left: left - count * size, parts: count > 0 ? [...parts, `${count}${name}`] : parts }
    },
    { left: seconds, parts: [] }
  )
  return shown.parts.join(" ")
}
