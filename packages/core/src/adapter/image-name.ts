import * as Result from "effect/Result"
import type { Image } from "../contract/ops.ts"
import { InvalidRequest } from "../errors.ts"
import { likeNames } from "../model/spelling.ts"

type Named = Pick<Image, "id" | "name">

/** Letters and digits in one case: spaces, dashes and brackets of a name are easily forgotten. */
const fold = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, " ")
    .trim()

const listed = (images: ReadonlyArray<Named>): string =>
  [...new Set(images.map(({ id, name }) => (id === name ? `"${name}"` : `"${name}" (${id})`)))].slice(0, 8).join(", ")

/**
 * The image that a text names among those of a cloud: by its id, by its name in any case, or by two words or more with
 * which one name begins, as "Ubuntu 24.04" for "Ubuntu 24.04 (LTS) x64".
 *
 * - `InvalidRequest` for `os` when several bear the name, with each of them.
 * - Null when none does: {@link noImageNamed} says so, for clouds that know no others.
 */
export const imageNamed = <I extends Named>(
  images: ReadonlyArray<I>,
  text: string
): Result.Result<I | null, InvalidRequest> => {
  const byId = images.find(({ id }) => id === text)
  if (byId) return Result.succeed(byId)
  const wanted = fold(text)
  const same = images.filter(({ id, name }) => fold(name) === wanted || id.toLowerCase() === text.toLowerCase())
  const isLong = wanted.includes(" ")
  const fitting =
    same.length > 0 || !isLong ? same : images.filter(({ name }) => `${fold(name)} `.startsWith(`${wanted} `))
  const [only = null, another] = wanted === "" ? [] : fitting
  return another
    ? Result.fail(InvalidRequest.of("os", `"${text}" names several images: give the id of one: ${listed(fitting)}`))
    : Result.succeed(only)
}

/** Says that no image has a name, with those that are like it, or the first of all. */
export const noImageNamed = (images: ReadonlyArray<Named>, text: string): InvalidRequest => {
  const like = likeNames(
    text,
    images.map(({ name }) => name)
  )
  const near = images.filter(({ name }) => like.includes(name))
  return InvalidRequest.of(
    "os",
    `unknown image "${text}"; ${images.length > 0 ? `expected ${listed(near.length > 0 ? near : images)}` : "this cloud has no images"}`
  )
}
