import { ScriptError } from "./syntax.ts"

/** What an expression reads and sets. */
export interface Variables {
  get(name: string): string | undefined
  set(name: string, value: string): void
}

const token =
  /\s*(?:(0[xX][0-9a-fA-F]+|\d+)|([A-Za-z_]\w*)|(<<=|>>=|\*\*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[-+*/%<>=!~&|^?:(),]))/y

const tokensOf = (text: string): ReadonlyArray<string> => {
  const found: string[] = []
  token.lastIndex = 0
  while (text.slice(token.lastIndex).trim() !== "") {
    const begin = token.lastIndex
    const match = token.exec(text)
    if (match === null) throw new ScriptError(`arithmetic expression: syntax error: "${text.slice(begin)}"`)
    found.push(match[0].trim())
  }
  return found
}

const levels: ReadonlyArray<Readonly<Record<string, (a: number, b: number) => number>>> = [
  { "||": (a, b) => Number(a !== 0 || b !== 0) },
  { "&&": (a, b) => Number(a !== 0 && b !== 0) },
  { "|": (a, b) => a | b },
  { "^": (a, b) => a ^ b },
  { "&": (a, b) => a & b },
  { "==": (a, b) => Number(a === b), "!=": (a, b) => Number(a !== b) },
  {
    "<": (a, b) => Number(a < b),
    ">": (a, b) => Number(a > b),
    "<=": (a, b) => Number(a <= b),
    ">=": (a, b) => Number(a >= b)
  },
  { "<<": (a, b) => a * 2 ** b, ">>": (a, b) => Math.floor(a / 2 ** b) },
  { "+": (a, b) => a + b, "-": (a, b) => a - b },
  {
    "*": (a, b) => a * b,
    "/": (a, b) => Math.trunc(a / nonZero(b)),
    "%": (a, b) => a % nonZero(b)
  }
]

const nonZero = (value: number): number => {
  if (value === 0) throw new ScriptError("arithmetic expression: division by zero")
  return value
}

const isName = (text: string | undefined): text is string => text !== undefined && /^[A-Za-z_]/.test(text)

/** Evaluates an arithmetic expression; throws {@link ScriptError}. */
export const evaluate = (text: string, variables: Variables): number => {
  const tokens = tokensOf(text)
  let at = 0
  const take = (): string => tokens[at++] ?? ""
  const variableOf = (name: string): number => {
    const value = variables.get(name)?.trim() ?? ""
    if (value === "") return 0
    return /^-?(0[xX][0-9a-fA-F]+|\d+)$/.test(value) ? Number(value) : evaluate(value, variables)
  }
  const assign = (name: string, value: number): number => {
    variables.set(name, String(value))
    return value
  }
  const primary = (): number => {
    const next = take()
    if (next === "(") {
      const value = comma()
      if (take() !== ")") throw new ScriptError('arithmetic expression: expecting ")"')
      return value
    }
    if (next === "++" || next === "--") {
      const name = take()
      return assign(name, variableOf(name) + (next === "++" ? 1 : -1))
    }
    if (next === "-") return -primary()
    if (next === "+") return primary()
    if (next === "!") return Number(primary() === 0)
    if (next === "~") return ~primary()
    if (!isName(next)) {
      if (next === "" || Number.isNaN(Number(next))) throw new ScriptError("arithmetic expression: expecting primary")
      return /^0\d+$/.test(next) ? Number.parseInt(next, 8) : Number(next)
    }
    const value = variableOf(next)
    if (tokens[at] !== "++" && tokens[at] !== "--") return value
    assign(next, value + (take() === "++" ? 1 : -1))
    return value
  }
  const binary = (level: number): number => {
    const own = levels[level]
    if (own === undefined) return primary()
    let left = binary(level + 1)
    for (let apply = own[tokens[at] ?? ""]; apply !== undefined; apply = own[tokens[at] ?? ""]) {
      at += 1
      left = apply(left, binary(level + 1))
    }
    return left
  }
  const whole = (): number => {
    const name = tokens[at]
    const operator = tokens[at + 1] ?? ""
    if (isName(name) && (operator === "=" || /^([-+*/%&|^]|<<|>>)=$/.test(operator))) {
      at += 2
      const apply = levels.map((own) => own[operator.slice(0, -1)]).find((found) => found !== undefined)
      const right = whole()
      return assign(name, apply === undefined ? right : apply(variableOf(name), right))
    }
    const value = binary(0)
    if (tokens[at] !== "?") return value
    at += 1
    const yes = whole()
    if (take() !== ":") throw new ScriptError('arithmetic expression: expecting ":"')
    const no = whole()
    return value !== 0 ? yes : no
  }
  const comma = (): number => {
    let value = whole()
    while (tokens[at] === ",") {
      at += 1
      value = whole()
    }
    return value
  }
  const result = tokens.length === 0 ? 0 : comma()
  if (at < tokens.length) throw new ScriptError(`arithmetic expression: syntax error: "${text.trim()}"`)
  return result
}
