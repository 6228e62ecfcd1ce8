import { inspect } from "node:util"
import type { LaunchSpec } from "@anygpu/core"

/** The values of a spec that nobody but the cloud may see; short ones would be found everywhere. */
export const secretsOf = (spec: LaunchSpec): ReadonlyArray<string> =>
  [...Object.values(spec.env ?? {}), spec.registry?.password ?? ""].filter((value) => value.length >= 6)

/** Everything that can be read of a value: text, JSON, inspection with hidden fields, stacks and causes. */
const facesOf = (value: unknown): ReadonlyArray<string> => {
  const faces = [inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null })]
  try {
    faces.push(JSON.stringify(value) ?? "")
  } catch {
    // What JSON cannot hold was inspected.
  }
  let error = value
  for (let depth = 0; error instanceof Error && depth < 20; depth++) {
    faces.push(String(error), error.message, error.stack ?? "")
    error = error.cause
  }
  return faces
}

const encodings = (secret: string): ReadonlyArray<string> => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString("base64").replace(/=+$/, "")
]

/** The secret that a value shows, in any of its faces; null when it shows none. */
export const leakOf = (value: unknown, secrets: ReadonlyArray<string>): string | null => {
  const faces = facesOf(value)
  return secrets.find((secret) => encodings(secret).some((text) => faces.some((face) => face.includes(text)))) ?? null
}

/** A reference to an image as people paste it: with a login, a password that holds a slash, and a token. */
export const imageLogin: { readonly image: string; readonly secrets: ReadonlyArray<string> } = {
  image: "https://robot:pw/4711-of-image@registry.example/team/system.img?token=tk-4711-of-image",
  secrets: ["4711-of-image", "robot:pw"]
}
