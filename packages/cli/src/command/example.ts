import { commandText, type Field, type Operation } from "@anygpu/operations"
import { flagOf } from "./flags.ts"

/** One value in JSON as the words of a command line. */
const wordsOf = (field: Field, value: unknown): ReadonlyArray<string> => {
  if (field.type === "variables") return Object.entries(Object(value)).map(([name, text]) => `${name}=${text}`)
  if (field.type === "words") return Array.isArray(value) ? [commandText(...value)] : []
  if (Array.isArray(value)) return value.flatMap((one) => wordsOf(field, one))
  if (field.type !== "port") return [String(value)]
  const { port, protocol = "tcp" } = Object(value) as { readonly port?: unknown; readonly protocol?: unknown }
  return [protocol === "tcp" ? String(port) : `${port}/${protocol}`]
}

/** The call of a command that means what an example in JSON does; `places` are fields that are given by their place. */
export const callOf = (
  { name, input }: Pick<Operation, "name" | "input">,
  places: ReadonlyArray<string>,
  example: Readonly<Record<string, unknown>>
): string => {
  const given = Object.entries(example).flatMap(([field, value]) => {
    const described = input[field]
    return described ? [{ field, described, value }] : []
  })
  const placed = places.flatMap((place) =>
    given.filter(({ field }) => field === place).flatMap(({ described, value }) => wordsOf(described, value))
  )
  const options = given
    .filter(({ field }) => !places.includes(field))
    .flatMap(({ field, described, value }) => {
      const flag = `--${flagOf(field, described)}`
      return described.type === "switch" ? [flag] : wordsOf(described, value).flatMap((word) => [flag, word])
    })
  return commandText("anygpu", name, ...placed, ...options)
}
