import { type LaunchOption, type LaunchSpec, launchOptions, sshKeyIdentity } from "@anygpu/core"
import type { SentRequest } from "./harness.ts"

/** Texts of an option that must be in some request as they are; ids, units and places have other forms on the wire. */
const traces: { readonly [O in LaunchOption]?: (value: NonNullable<LaunchSpec[O]>) => ReadonlyArray<string> } = {
  image: (image) => [image],
  sshKeys: (keys) => keys.map((key) => key.trim().split(/\s+/)[1] ?? sshKeyIdentity(key)),
  env: (env) => Object.entries(env).flat(),
  ports: (ports) => ports.map(({ port }) => String(port)),
  command: (command) => command,
  onStart: (script) => [script],
  registry: ({ username, password }) => [username, password],
  description: (text) => [text]
}

/** Every text, number and field name in a body, however deep. */
const textsOf = (body: unknown): ReadonlyArray<string> => {
  if (Array.isArray(body)) return body.flatMap(textsOf)
  if (typeof body === "object" && body !== null)
    return Object.entries(body).flatMap(([key, value]) => [key, ...textsOf(value)])
  return body === null || body === undefined ? [] : [String(body)]
}

/** What was given and is in none of the requests that change something: `option text` for each. */
export const missingFrom = (sent: ReadonlyArray<SentRequest>, given: object): ReadonlyArray<string> => {
  const texts = sent.filter(({ mutating }) => mutating).flatMap(({ body, path }) => [path, ...textsOf(body)])
  return launchOptions.flatMap((option) => {
    const trace = traces[option] as ((value: unknown) => ReadonlyArray<string>) | undefined
    const value: unknown = option in given ? given[option as keyof typeof given] : undefined
    if (!trace || value === undefined || value === null) return []
    return trace(value).flatMap((text) => (texts.some((found) => found.includes(text)) ? [] : [`${option} ${text}`]))
  })
}
