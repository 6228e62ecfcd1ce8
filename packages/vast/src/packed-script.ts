import { InvalidRequest } from "@anygpu/core"
import * as Effect from "effect/Effect"

/** The characters that Vast takes of a start script. Source: Vast.ai docs, OpenAPI: key quirks. */
export const mostScript = 4048

/** More characters than this never pack into so many, whatever they are: gzip makes at best 1 out of 1032. */
export const mostPackable = 3_000_000

const gzipped = async (text: string): Promise<Uint8Array> => {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))
  return new Uint8Array(await new Response(packed).arrayBuffer())
}

const base64Of = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))

/** What a script's first line names to run it, as the system reads it; null without one. */
const interpreterOf = (script: string): string | null => /^#! *(\/[^\r\n]*[^\r\n ]) *\r?\n/.exec(script)?.[1] ?? null

/** A script that unpacks another one into a file, and runs that by what it names, or by bash. */
const packed = async (script: string): Promise<string> =>
  `s=$(mktemp) && echo ${base64Of(await gzipped(script))} | base64 -d | gzip -d >"$s" && ${interpreterOf(script) ?? "bash"} "$s"\n`

/**
 * A start script as Vast takes it: itself up to 4048 characters; a longer one packed (gzip, then base64) into a script
 * that unpacks it into a file and runs that.
 *
 * - `before`: so many characters of another script go before it. One that names its interpreter is packed then.
 * - `InvalidRequest` when it is too long packed as well.
 * - The image needs `base64` and `gzip`, as nearly all have.
 */
export const startScriptOf = (script: string, before = 0): Effect.Effect<string, InvalidRequest> => {
  const isFirst = before === 0 || interpreterOf(script) === null
  if (isFirst && before + script.length <= mostScript) return Effect.succeed(script)
  return Effect.promise(() => packed(script)).pipe(
    Effect.flatMap((unpack) => {
      if (before + unpack.length <= mostScript) return Effect.succeed(unpack)
      const beside = before === 0 ? "" : `, beside the ${before} that endsItself needs`
      const problem =
        `has ${script.length} characters, and ${unpack.length} packed (gzip and base64); Vast takes ${mostScript}${beside}: ` +
        "fetch it in the script"
      return Effect.fail(InvalidRequest.of("onStart", problem))
    })
  )
}
