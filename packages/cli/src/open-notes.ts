const amount = /\d{1,20}\.\d{1,20}/

/** What offers leave open, each thing once: notes that differ only in one amount become one with its least and its most. */
export const openNotes = (notes: Iterable<string>): ReadonlyArray<string> => {
  const alike = Map.groupBy(new Set(notes), (note) => note.replace(amount, "?"))
  return Array.from(alike.values(), (all) => {
    const [least = "", ...others] = all.toSorted((a, b) => Number(amount.exec(a)?.[0]) - Number(amount.exec(b)?.[0]))
    const [, unit = "", most = ""] = /(\D?)(\d{1,20}\.\d{1,20})/.exec(others.at(-1) ?? "") ?? []
    return others.length === 0 ? least : least.replace(amount, (found) => `${found} to ${unit.trim()}${most}`)
  })
}
