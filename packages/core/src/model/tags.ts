import type { Issue } from "../errors.ts"

/**
 * What a launch is for, in the user's own words: `{ team: "nlp", project: "search" }`.
 *
 * - They are kept in the ledger, and sent to no cloud.
 */
export type Tags = Readonly<Record<string, string>>

/** So many tags has a launch at most. */
const mostTags = 20

/** A name as it stands before the equals sign, and in addresses of all kinds. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,62}$/

/** What an option can hold, where commas part several. */
const valuePattern = /^[^\s,\p{C}](?:[^,\p{C}]{0,126}[^\s,\p{C}])?$/u

const nameProblem =
  "is no name of a tag: use 1 to 63 letters, digits and . _ - : / of which the first is a letter or digit"
const valueProblem = "must be 1 to 128 characters without commas, control characters and spaces at its ends"

/** What is wrong with tags. */
export const tagIssues = (tags: Tags, path = "tags"): ReadonlyArray<Issue> => {
  const entries = Object.entries(tags)
  const tooMany = entries.length > mostTags ? [{ path, problem: `has ${entries.length}: ${mostTags} at most` }] : []
  return [
    ...tooMany,
    ...entries.flatMap(([name, value]: readonly [string, unknown]) => {
      if (!namePattern.test(name)) return [{ path: `${path}.${name.slice(0, 63)}`, problem: nameProblem }]
      if (typeof value !== "string")
        return [{ path: `${path}.${name}`, problem: `must be a text, not ${typeof value}` }]
      return valuePattern.test(value) ? [] : [{ path: `${path}.${name}`, problem: valueProblem }]
    })
  ]
}

/** What is wrong with the owner of a launch. */
export const ownerIssues = (owner: string, path = "owner"): ReadonlyArray<Issue> =>
  valuePattern.test(owner) ? [] : [{ path, problem: valueProblem }]

/** Whether a machine, or a launch, has all of these tags. */
export const hasTags = ({ tags = {} }: { readonly tags?: Tags }, wanted: Tags): boolean =>
  Object.entries(wanted).every(([name, value]) => Object.hasOwn(tags, name) && tags[name] === value)

/** Tags as they are written, by their names: `team=nlp`. */
export const tagTexts = (tags: Tags | undefined): ReadonlyArray<string> =>
  Object.entries(tags ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .sort()
