import type { Machine } from "./machine.ts"
import type { World } from "./world.ts"

/** What a test decides about an image: it cannot be had, with the words of the host's Docker, or takes so long to pull. */
export interface ImageRule {
  readonly error?: string
  readonly minutes?: number
}

const daemon = "Error response from daemon:"

/**
 * The words of Docker for an image that cannot be had; null for one that can.
 *
 * - A repository whose own name begins with `private` needs a login, and one whose name or tag begins with `missing` is not
 *   there: choices of this simulator. The words are Docker's own.
 */
export const errorOfImage = ({ state }: World, { workload }: Machine): string | null => {
  const { image, hasLogin = false } = workload
  const rule = state.images[image]
  if (rule) return rule.error ?? null
  const [, repository = image, tag = "latest"] = /^(.+?)(?::([^:/]+))?$/.exec(image) ?? []
  const name = repository.slice(repository.lastIndexOf("/") + 1)
  if (name.startsWith("private") && !hasLogin) {
    return `${daemon} pull access denied for ${repository}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`
  }
  return name.startsWith("missing") || tag.startsWith("missing")
    ? `${daemon} manifest for ${repository}:${tag} not found: manifest unknown: manifest unknown`
    : null
}

/** So many steps a slow pull reports. */
export const slowSteps = 12

/** How long each step of a slow pull takes; null for an image that is pulled as fast as others. */
export const slowStepOf = ({ state }: World, { workload }: Machine): number | null => {
  const minutes = state.images[workload.image]?.minutes
  return minutes === undefined ? null : (minutes * 60_000) / slowSteps
}
