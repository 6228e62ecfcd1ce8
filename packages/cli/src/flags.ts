import type { Field } from "@anygpu/operations"
import { compareFields, launchFields, updateFields, watchFields } from "./command/fields.ts"
import { flagOf } from "./command/flags.ts"
import { poolFields } from "./command/pool-fields.ts"

/** What is mostly given by its place, so that messages name no option for it. */
const placed: ReadonlyArray<Field["type"]> = ["machine", "offer"]

const all: Readonly<Record<string, Field>> = {
  ...poolFields,
  ...watchFields,
  ...compareFields,
  ...updateFields,
  ...launchFields
}

/** The option behind each field of a filter, a job or a launch, for what is said of a wrong one. */
export const flagsByField: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(all)
      .filter(([name, { type }]) => name !== "what" && !placed.includes(type))
      .flatMap(([name, field]) => [name, ...(field.sets ?? [])].map((one) => [one, `--${flagOf(name, field)}`]))
  ),
  answerWithin: "--answer-within"
}
