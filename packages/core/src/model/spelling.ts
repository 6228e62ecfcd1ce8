/** How many keystrokes apart two texts are: a letter more, less or other, or two neighbours swapped. */
export const distance = (a: string, b: string): number => {
  let before: ReadonlyArray<number> = []
  let above: ReadonlyArray<number> = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const line = [i]
    for (let j = 1; j <= b.length; j++) {
      const other = a[i - 1] === b[j - 1] ? 0 : 1
      const steps = [(above[j] ?? 0) + 1, (line[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + other]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      line.push(Math.min(...steps, ...(swapped ? [(before[j - 2] ?? 0) + 1] : [])))
    }
    before = above
    above = line
  }
  return above[b.length] ?? 0
}

/** A name in this many characters is long enough to be looked for in another one. */
const enough = 3

/** A third of a name may be wrong: beyond that it is another word. */
const isLike = (name: string, known: string): boolean =>
  (name.length >= enough && known.includes(name)) ||
  (known.length >= enough && name.includes(known)) ||
  distance(name, known) <= Math.max(1, Math.floor(known.length / 3))

/** The known names that somebody may have meant by another one, nearest first: misspelt, or one within the other. */
export const likeNames = (name: string, known: ReadonlyArray<string>): ReadonlyArray<string> => {
  const key = name.slice(0, 60).toLowerCase()
  const far = (one: string) => distance(key, one.toLowerCase())
  return known.filter((one) => isLike(key, one.toLowerCase())).toSorted((a, b) => far(a) - far(b))
}
