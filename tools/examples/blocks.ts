/** One TypeScript example, and where it stands. */
export interface Block {
  /** The file it is from, from the root of the repository. */
  readonly source: string
  /** The line of its first line of code, from 1. */
  readonly line: number
  /** The name it is imported by from other blocks of the same page: ```` ```ts file=wire.ts ````. */
  readonly name: string | null
  /** Whether it is also run, on simulated clouds: ```` ```ts run ````. */
  readonly runs: boolean
  readonly code: string
}

const fence = /^([ \t]*(?:\* ?)?[ \t]*)```(\w*)([^\n]*)$/

/** The blocks between ```` ```ts ```` and ```` ``` ````; in code only those below an `@example` of a doc comment. */
export const blocksOf = (source: string, text: string): ReadonlyArray<Block> => {
  const isCode = /\.tsx?$/.test(source)
  const blocks: Block[] = []
  let open: (Omit<Block, "source" | "code"> & { readonly wanted: boolean }) | null = null
  let code: string[] = []
  let isExample = !isCode
  for (const [index, text_] of text.replaceAll("\r\n", "\n").split("\n").entries()) {
    const inComment = /^\s*\*/.test(text_)
    if (isCode && open === null) isExample = /^\s*\*\s*@example\b/.test(text_) || (isExample && inComment)
    const match = fence.exec(text_)
    if (match && open === null) {
      const [, , language = "", info = ""] = match
      const name = /\bfile=(\S+)/.exec(info)?.[1] ?? null
      const wanted = isExample && (language === "ts" || language === "typescript")
      open = { line: index + 2, wanted, name, runs: /\brun\b/.test(info.replace(/\bfile=\S+/, "")) }
      code = []
    } else if (match && open !== null) {
      const { wanted, ...block } = open
      if (wanted) blocks.push({ source, ...block, code: code.join("\n") })
      open = null
    } else if (open !== null) {
      code.push(isCode ? text_.replace(/^\s*\* ?/, "") : text_)
    }
  }
  return blocks
}
