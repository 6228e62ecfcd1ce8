/** How many of each thing are free, by its name: part of a world's state. */
export type Stock = Record<string, number>

/** The name of something at a place, by which stock is counted. */
export const placeOf = (name: string, place: string): string => `${name}@${place}`

/** How many are free. */
export const freeOf = (stock: Stock, name: string): number => stock[name] ?? 0

/** Takes one, if one is free. */
export const takeOne = (stock: Stock, name: string): boolean => {
  const free = freeOf(stock, name)
  if (free === 0) return false
  stock[name] = free - 1
  return true
}

/** Gives some back. */
export const giveBack = (stock: Stock, name: string, count = 1): void => {
  stock[name] = freeOf(stock, name) + count
}
