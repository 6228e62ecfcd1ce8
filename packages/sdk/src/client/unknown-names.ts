import type { Issue } from "@anygpu/core"

/** The names that are not known, as issues: what is misspelt is not passed over. */
export const unknownNames = (
  names: ReadonlyArray<string>,
  known: ReadonlyArray<string>,
  problem = "is no option here",
  prefix = ""
): ReadonlyArray<Issue> =>
  names.flatMap((name) =>
    known.includes(name) ? [] : [{ path: prefix + name, problem: `${problem}; there are ${known.join(", ")}` }]
  )
