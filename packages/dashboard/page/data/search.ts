import { useMemo } from "preact/hooks"

/** Rows whose text has all words that were typed. The texts are made once for each list: a search only compares. */
export const useSearch = <Item>(
  items: ReadonlyArray<Item>,
  words: string,
  textOf: (item: Item) => string
): ReadonlyArray<Item> => {
  const texts = useMemo(() => items.map((item) => textOf(item).toLowerCase()), [items])
  return useMemo(() => {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
    if (wanted.length === 0) return items
    return items.filter((_, index) => wanted.every((word) => texts[index]?.includes(word)))
  }, [items, texts, words])
}
