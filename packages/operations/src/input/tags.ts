import { InvalidRequest, type Tags } from "anygpu"
import type { ValueTypes } from "./field.ts"

/** Tags as they were given one by one; undefined where none was. */
export const tagsOf = (given: ReadonlyArray<ValueTypes["tag"]["value"]> | undefined): Tags | undefined => {
  if (given === undefined) return undefined
  const twice = given.find(({ name }, index) => given.findIndex((one) => one.name === name) !== index)
  if (twice) throw InvalidRequest.of("tags", `has ${twice.name} twice: a machine has one value of each tag`)
  return Object.fromEntries(given.map(({ name, value }) => [name, value]))
}
