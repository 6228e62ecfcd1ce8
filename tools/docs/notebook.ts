/** Which routes (`METHOD path`) each common operation reached. */
export type Reached = ReadonlyMap<string, ReadonlySet<string>>

/** Notes what each operation sends while a tour goes on. */
export interface Notebook {
  readonly reached: Reached
  /** Runs an operation, and notes under its name which routes it reached. */
  note<A>(operation: string, run: () => Promise<A>): Promise<A>
}

/** Opens a notebook on a simulator; `base` is what stands before the paths of the endpoints. */
export const openNotebook = (
  { requests }: { readonly requests: () => ReadonlyArray<{ readonly method: string; readonly path: string }> },
  base = ""
): Notebook => {
  const reached = new Map<string, Set<string>>()
  return {
    reached,
    note: async (operation, run) => {
      const before = requests().length
      const answer = await run()
      const routes = reached.get(operation) ?? new Set()
      for (const { method, path } of requests().slice(before)) {
        if (!path.startsWith(base)) throw new Error(`${operation} reached ${path}, which is not below ${base}`)
        routes.add(`${method} ${path.slice(base.length).split("?")[0]}`)
      }
      reached.set(operation, routes)
      return answer
    }
  }
}
