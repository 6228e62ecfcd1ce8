import { commands } from "../../packages/cli/src/commands/index.ts"
import { jsonSchemas } from "../../packages/cli/src/json/answers.ts"
import { exitCodes } from "../../packages/operations/src/protocol/exit-codes.ts"
import { codes, page, table } from "./markdown.ts"

type Schema = Awaited<ReturnType<typeof jsonSchemas>>[string]
type Part = Schema | boolean

const partsOf = (schema: Schema): ReadonlyArray<Part> => schema.anyOf ?? schema.oneOf ?? []

/** A type in words, with links to those that have a name. */
const typeText = (part: Part): string => {
  if (typeof part === "boolean") return "anything"
  if (part.$ref !== undefined) {
    const name = part.$ref.split("/").at(-1) ?? ""
    return `[${name}](#${name.toLowerCase()})`
  }
  if (part.const !== undefined) return `\`${String(part.const)}\``
  if (part.enum) return part.enum.map((value) => `\`${String(value)}\``).join(" or ")
  const several = partsOf(part)
  if (several.length > 0) return several.map(typeText).join(" or ")
  if (Array.isArray(part.type)) return part.type.map((type) => typeText({ ...part, type })).join(" or ")
  if (part.type === "array") return `list of ${Array.isArray(part.items) ? "values" : typeText(part.items ?? true)}`
  if (part.format === "date-time") return "time"
  if (part.type === "object" && typeof part.additionalProperties === "object") {
    return `${typeText(part.additionalProperties)} by name`
  }
  return part.type ?? "anything"
}

/** What an object or a list of objects holds, where it has no name of its own. */
const insideOf = (part: Part): Schema | null => {
  if (typeof part === "boolean" || part.$ref !== undefined) return null
  if (part.properties) return part
  return part.type === "array" && !Array.isArray(part.items) ? insideOf(part.items ?? true) : null
}

/** The fields of an object; those of an object inside it have their way before them. */
const rowsOf = (schema: Schema, way = ""): ReadonlyArray<ReadonlyArray<string>> =>
  Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    const path = `${way}${name}`
    const described = typeof part === "boolean" ? "" : (part.description ?? "")
    const optional = schema.required?.includes(name) ? "" : "may be absent. "
    const inside = insideOf(part)
    const list = typeof part !== "boolean" && part.type === "array"
    const row = [`\`${path}\``, typeText(part), `${optional}${described}`.trim()]
    return [row, ...(inside ? rowsOf(inside, `${path}${list ? "[]" : ""}.`) : [])]
  })

const head = ["Field", "Type", "Meaning"]

const sectionOf = (title: string, schema: Schema): ReadonlyArray<string> => {
  const several = partsOf(schema).flatMap((part) => (typeof part === "boolean" ? [] : [part]))
  if (schema.$ref !== undefined) return [`## ${title}`, `A ${typeText(schema)}.`]
  if (several.length === 0) return [`## ${title}`, table(head, rowsOf(schema))]
  return [`## ${title}`, "One of these.", ...several.map((part) => table(head, rowsOf(part)))]
}

/** What `--json` prints, by command. */
export const jsonPage = async (): Promise<string> => {
  const { failure = {}, ...answers } = await jsonSchemas()
  const named = new Map([...Object.values(answers), failure].flatMap(({ $defs }) => Object.entries($defs ?? {})))
  const documented = commands.filter(({ name }) => answers[name] !== undefined)
  return page(
    "What --json prints",
    "Every command prints one JSON value on standard output; one that goes on prints one a line. New fields may be added; those that are here stay. Amounts are exact decimals as text, times are in UTC, sizes are in MiB.",
    'A failure is one line on standard error, as below, and the [exit code](exit-codes.md) says its class. Warnings are lines there too: `{ "warning": "..." }`.',
    ...documented.flatMap(({ name }) => sectionOf(`anygpu ${name}`, answers[name] ?? {})),
    ...sectionOf("A failure", failure),
    ...[...named].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([name, schema]) => sectionOf(name, schema))
  )
}

/** The exit codes by class of error. */
export const exitCodesPage = (): string =>
  page(
    "Exit codes",
    "By the class of the [error](../reference/errors.md). An error that names machines which may be left behind ends with 12, whatever its class. `exec`, and `ssh` with a command, end with the remote command's own code.",
    table(
      ["Code", "Meaning", "Errors", "What to do"],
      Object.values(exitCodes).map(({ code, meaning, tags, advice }) => [String(code), meaning, codes(tags), advice])
    )
  )
