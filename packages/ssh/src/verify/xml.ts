import { parseXml, XmlElement } from "@rgrove/parse-xml"

/** The largest document that is read, in characters: eight cards with all their clocks are below one million. */
const largest = 8_000_000

/** The root of a document; null where it is not well formed from its beginning to its end. */
export const rootOf = (document: string): XmlElement | null => {
  if (document.length > largest) return null
  try {
    return parseXml(document).root
  } catch {
    return null
  }
}

/** The elements of a name right below an element. */
export const childrenOf = (element: XmlElement, name: string): ReadonlyArray<XmlElement> =>
  element.children.filter((node): node is XmlElement => node instanceof XmlElement && node.name === name)

/** The first element at a path of names below an element. */
export const elementAt = (element: XmlElement, ...path: ReadonlyArray<string>): XmlElement | null => {
  let at: XmlElement | undefined = element
  for (const name of path) at = at && childrenOf(at, name)[0]
  return at ?? null
}

/** The text at a path of names below an element; null where there is no such element. */
export const textAt = (element: XmlElement, ...path: ReadonlyArray<string>): string | null =>
  elementAt(element, ...path)?.text.trim() ?? null

/** Each element below an element that holds text alone, with its name. */
export const leavesOf = (element: XmlElement): ReadonlyArray<readonly [name: string, text: string]> => {
  const elements = element.children.filter((node) => node instanceof XmlElement)
  return elements.length === 0 ? [[element.name, element.text.trim()]] : elements.flatMap(leavesOf)
}
