import { build, type Metafile } from "esbuild"
import { expect, test } from "vitest"

/** The sources that run as soon as a chunk is imported, without those that are imported when they are needed. */
const loadedWith = ({ outputs }: Metafile, entry: string): ReadonlySet<string> => {
  const sources = new Set<string>()
  const seen = new Set<string>()
  const follow = (chunk: string): void => {
    const output = outputs[chunk]
    if (!output || seen.has(chunk)) return
    seen.add(chunk)
    for (const [source, { bytesInOutput }] of Object.entries(output.inputs)) if (bytesInOutput > 0) sources.add(source)
    for (const { path, kind, external } of output.imports) if (kind === "import-statement" && !external) follow(path)
  }
  for (const [chunk, { entryPoint }] of Object.entries(outputs)) if (entryPoint?.endsWith(entry)) follow(chunk)
  return sources
}

test("help and completion load neither the SDK, nor ssh, nor Effect, nor schemas", async () => {
  const { metafile } = await build({
    entryPoints: [`${import.meta.dirname}/process.ts`],
    ...{ bundle: true, splitting: true, format: "esm", platform: "node", outdir: "out", write: false, metafile: true },
    external: ["cpu-features", "*.node"],
    conditions: ["anygpu-source", "node", "import", "module", "default"],
    logLevel: "error"
  })
  const heavy =
    /node_modules\/(effect|zod|undici|ssh2)\/|packages\/(sdk|ssh|vast|fluence|huddle|simulators)\/src\/(?!cloud\.ts)/
  const [first, completion] = [loadedWith(metafile, "/process.ts"), loadedWith(metafile, "/commands/completion.ts")]
  expect(first.size).toBeGreaterThan(20)
  expect([...first, ...completion].filter((source) => heavy.test(source))).toEqual([])
  expect([...loadedWith(metafile, "/commands/list.ts")].filter((source) => /packages\/ssh|ssh2/.test(source))).toEqual(
    []
  )
  // What does need them loads them: otherwise nothing would be held here.
  expect([...loadedWith(metafile, "/commands/list.ts")].filter((source) => heavy.test(source))).not.toEqual([])
})
