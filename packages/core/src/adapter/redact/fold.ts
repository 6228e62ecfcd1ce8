/** Space, tab, line ends, the backslash of escapes, and the plus that stands for a space. */
export const isGap = (unit: number): boolean => unit === 32 || (unit >= 9 && unit <= 13) || unit === 92 || unit === 43

/** A unit as it is the same in every spelling: capitals of ASCII as small letters. */
export const folded = (unit: number): number => (unit >= 65 && unit <= 90 ? unit + 32 : unit)

/** Whether a text has less than so many units that are no gaps. */
export const isShorter = (text: string, least: number): boolean => {
  let length = 0
  for (let at = 0; at < text.length && length < least; at++) if (!isGap(text.charCodeAt(at))) length++
  return length < least
}

/** The power of two that is this much or the next one above. */
export const powerAbove = (least: number): number => 2 ** Math.ceil(Math.log2(least))
