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

/** What runs a script: what its first line names, as the system does, and bash without one. */
const interpreterOf = (script: string): string => /^#! *(\/[^\r\n]*[^\r\n ]) *\r?\n/.exec(script)?.[1] ?? "bash"

/**
 * A start script as Vast takes it: itself up to 4048 characters; a longer one packed (gzip, then base64) into a script
 * that unpacks it into a file and runs that.
 *
 * - `InvalidRequest` when it is too long packed as well.
 * - The image needs `base64` and `gzip`, as nearly all have.
 */
export const startScriptOf = (script: string): Effect.Effect<string, InvalidRequest> => {
  if (script.length <= mostScript) return Effect.succeed(script)
  return Effect.promise(() => gzipped(script)).pipe(
    Effect.flatMap((bytes) => {
      const unpack = `s=$(mktemp) && echo ${base64Of(bytes)} | base64 -d | gzip -d >"$s" && ${interpreterOf(script)} "$s"\n`
      if (unpack.length <= mostScript) return Effect.succeed(unpack)
      const problem =
        `has ${script.length} characters, and ${unpack.length} packed (gzip and base64); Vast takes ${mostScript}: ` +
        "fetch it in the script"
      return Effect.fail(InvalidRequest.of("onStart", problem))
    })
  )
}
