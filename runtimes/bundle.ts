import { build, type Metafile, type PartialMessage } from "esbuild"
import { nodeGlobals } from "./node-globals.ts"

/** Where a bundle is to run. */
export type Runtime = "browser" | "edge"

/**
 * The conditions under which packages resolve for each runtime, besides `import`, `module` and `default`.
 *
 * - Browsers: as Vite, webpack and esbuild do it. Edge: as wrangler does it for Cloudflare Workers.
 */
const conditions: Readonly<Record<Runtime, ReadonlyArray<string>>> = {
  browser: ["browser"],
  edge: ["workerd", "worker", "browser"]
}

/** A program in one file. */
export interface Bundle {
  readonly text: string
  /** What could not be resolved, and whatever else the bundler has to say. */
  readonly complaints: ReadonlyArray<string>
  readonly files: ReadonlyArray<string>
}

/** What to bundle. */
export interface BundleOptions {
  /** The code of the first module. */
  readonly code: string
  readonly runtime: Runtime
  /** Where its imports resolve; this folder by default. */
  readonly folder?: string
  /** Whether uses of Node's globals are given names to find them by; such a bundle is to be read and not to be run. */
  readonly mark?: boolean
}

/** How a global of Node is called in a bundle to be read. */
export const marked = (name: string): string => `NODE_GLOBAL_${name}`

interface Result {
  readonly outputFiles?: ReadonlyArray<{ readonly text: string }>
  readonly metafile?: Metafile
  readonly errors: ReadonlyArray<PartialMessage>
  readonly warnings: ReadonlyArray<PartialMessage>
}

/** Bundles a program from the sources of this workspace, as a bundler does that has never heard of Node. */
export const bundle = async ({ code, runtime, folder = import.meta.dirname, mark }: BundleOptions): Promise<Bundle> => {
  const { outputFiles, metafile, errors, warnings }: Result = await build({
    stdin: { contents: code, resolveDir: folder, sourcefile: "entry-of-bundle.ts", loader: "ts" },
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    conditions: ["anygpu-source", ...conditions[runtime]],
    logLevel: "silent",
    absWorkingDir: import.meta.dirname,
    define: mark ? Object.fromEntries(nodeGlobals.map((name) => [name, marked(name)])) : {}
  }).catch((failed: Result) => failed)
  return {
    text: outputFiles?.[0]?.text ?? "",
    complaints: [...errors, ...warnings].map(({ text, location }) => `${text} (${location?.file}:${location?.line})`),
    files: Object.keys(metafile?.inputs ?? {})
  }
}
