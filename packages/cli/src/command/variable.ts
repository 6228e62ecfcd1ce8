import { InvalidRequest } from "anygpu"
import type { Context } from "../context.ts"

/** One variable: `NAME=value`, or a `NAME` whose value is taken from here. */
export const variableIn = (
  text: string,
  label: string,
  env: Context["io"]["env"]
): readonly [name: string, value: string] => {
  const [, name, assigned, value = ""] = /^([^=\s]+)(=)?([\s\S]*)$/.exec(text) ?? []
  if (name === undefined) throw InvalidRequest.of(label, "a variable is written NAME=value")
  if (assigned !== undefined) return [name, value]
  const here = env[name]
  if (here !== undefined) return [name, here]
  throw InvalidRequest.of(label, `${name} has no value here: write ${name}=value`)
}
