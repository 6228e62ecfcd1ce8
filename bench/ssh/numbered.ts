/** Numbers from 0 to 1, the same for the same seed. */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** A command that prints numbered lines and ends with 42; it takes so many seconds, or until the file `enough` is there. */
export const numberedLines = (
  lines: number,
  { seconds, enough }: { readonly seconds: number; readonly enough: string }
) => {
  const pause = `[ $((i % 200)) = 0 ] && [ ! -e ${enough} ] && sleep ${((seconds * 200) / lines).toFixed(3)}`
  return `i=0; while [ $i -lt ${lines} ]; do i=$((i + 1)); echo "line $i"; ${pause}; done; exit 42`
}

/** How many of the numbered lines are missing, and how many came more than once. */
export const judge = (text: string, lines: number): { readonly lost: number; readonly repeated: number } => {
  const seen = new Map<number, number>()
  for (const [, number] of text.matchAll(/^line (\d+)$/gm))
    seen.set(Number(number), (seen.get(Number(number)) ?? 0) + 1)
  const repeated = [...seen.values()].filter((times) => times > 1).length
  return { lost: lines - seen.size, repeated }
}
