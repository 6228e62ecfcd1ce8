import { escapesIn } from "./words.ts"

const padded = (text: string, flags: string, width: number): string => {
  if (flags.includes("-")) return text.padEnd(width)
  return flags.includes("0")
    ? text.replace(/^([-+]?)(.*)$/s, (_, sign: string, rest: string) => sign + rest.padStart(width - sign.length, "0"))
    : text.padStart(width)
}

const numberIn = (text: string): number => {
  if (/^['"]./.test(text)) return text.codePointAt(1) ?? 0
  return Number(text.trim() === "" ? 0 : text) || Number.parseInt(text, 10) || 0
}

const numeric = (kind: string, value: string, precision: number | undefined, flags: string): string => {
  const number = numberIn(value)
  const sign = flags.includes("+") && number >= 0 ? "+" : ""
  switch (kind) {
    case "x":
      return Math.trunc(number).toString(16)
    case "X":
      return Math.trunc(number).toString(16).toUpperCase()
    case "o":
      return Math.trunc(number).toString(8)
    case "f":
    case "F":
      return sign + number.toFixed(precision ?? 6)
    case "e":
      return sign + number.toExponential(precision ?? 6).replace(/e([-+])(\d)$/, "e$10$2")
    case "g":
      return sign + String(Number(number.toPrecision(precision ?? 6)))
    default:
      return sign + String(Math.trunc(number)).padStart(precision ?? 0, "0")
  }
}

/** What `printf` writes: the format as often as there are arguments for it. */
export const formatted = (format: string, args: ReadonlyArray<string>): string => {
  const left = [...args]
  const plain = escapesIn(format)
  let result = ""
  do {
    const before = left.length
    result += plain.replaceAll(
      /%(?:%|([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?([diouxXfFegGscbq]))/g,
      (all, flags: string, width: string | undefined, precision: string | undefined, kind: string) => {
        if (all === "%%") return "%"
        const size = width === "*" ? Number(left.shift() ?? 0) : Number(width ?? 0)
        const exact =
          precision === "*" ? Number(left.shift() ?? 0) : precision === undefined ? undefined : Number(precision)
        const value = left.shift() ?? ""
        if (kind === "s" || kind === "b" || kind === "q") {
          const text = kind === "b" ? escapesIn(value) : kind === "q" ? `'${value.replaceAll("'", "'\\''")}'` : value
          return padded(text.slice(0, exact), flags.replaceAll("0", ""), size)
        }
        if (kind === "c") return padded(value.slice(0, 1), flags, size)
        return padded(numeric(kind, value, exact, flags), flags, size)
      }
    )
    if (left.length === before) break
  } while (left.length > 0)
  return result
}
