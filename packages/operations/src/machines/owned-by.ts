import { hasTags, type Instance, InvalidRequest, tagIssues } from "anygpu"
import type { ValueTypes } from "../input/field.ts"
import { tagsOf } from "../input/tags.ts"

/**
 * Whether a machine is one of those whose launches said so: all of the tags, and the owner.
 *
 * - Throws `InvalidRequest` for what can be no tag: it would find nothing, and look as if nothing was there.
 */
export const ownedBy = (wanted: {
  readonly tags?: ReadonlyArray<ValueTypes["tag"]["value"]> | undefined
  readonly owner?: string | undefined
}): ((machine: Pick<Instance, "tags" | "owner">) => boolean) => {
  const { owner } = wanted
  const tags = tagsOf(wanted.tags) ?? {}
  const issues = tagIssues(tags)
  if (issues.length > 0) throw InvalidRequest.all(issues)
  return (machine) => hasTags(machine, tags) && (owner === undefined || machine.owner === owner)
}
