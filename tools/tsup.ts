import { cp, readFile } from "node:fs/promises"
import { join } from "node:path"
import type { Plugin } from "esbuild"
import { defineConfig } from "tsup"
import { noticesPlugin } from "./packages/notices.ts"

/**
 * The one way a package of this workspace is built: ESM, one file per entry, shared code in chunks so that a class
 * keeps one identity across entries. Declarations come from `tsc --build`.
 */
export const library = (entries: ReadonlyArray<string>) =>
  defineConfig({
    entry: Object.fromEntries(entries.map((file) => [file.slice("src/".length, -".ts".length), file])),
    format: "esm",
    target: "node22",
    platform: "neutral",
    splitting: true,
    sourcemap: true,
    // Chunks carry a hash in their names: without this, those of earlier builds stay. What `tsc` wrote is its own.
    clean: ["!**/*.d.ts", "!**/*.d.ts.map", "!.tsbuildinfo"],
    dts: false,
    silent: true,
    removeNodeProtocol: false,
    external: [/^node:/, /^#/]
  })

/** The native parts of ssh2, which it can do without: they are not built here, and a bundle has no place for them. */
const withoutNatives: Plugin = {
  name: "without-natives",
  setup: (build) => {
    build.onResolve({ filter: /^cpu-features$/ }, ({ path }) => ({ path, external: true }))
    build.onLoad({ filter: /[\\/]ssh2[\\/]lib[\\/]protocol[\\/]crypto\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(/require\('[^']+\.node'\)/, "null")
    }))
  }
}

/** How a command is built. */
export interface CommandBuild {
  readonly outDir: string
  readonly version: string
  /** Folders that were built before, and what they are called beside the command. */
  readonly folders: Readonly<Record<string, string>>
}

/**
 * A command as it is shipped: everything in it, so that starting it reads few files and installs nothing more. What is
 * imported when it is needed is in chunks of its own.
 */
export const command = (entry: string, { outDir, version, folders }: CommandBuild) =>
  defineConfig({
    onSuccess: async () => {
      for (const [name, folder] of Object.entries(folders)) await cp(folder, join(outDir, name), { recursive: true })
    },
    entry: [entry],
    outDir,
    format: "esm",
    target: "node22",
    platform: "node",
    splitting: true,
    minify: true,
    // An error's tag and a stack are in what people read.
    keepNames: true,
    clean: true,
    dts: false,
    silent: true,
    removeNodeProtocol: false,
    noExternal: [/.*/],
    external: [/^node:/],
    define: { __ANYGPU_VERSION__: JSON.stringify(version) },
    // The CommonJS packages among them ask for Node's modules by `require`, and for their folder.
    banner: {
      js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url),__dirname=import.meta.dirname;'
    },
    esbuildPlugins: [withoutNatives, noticesPlugin(outDir)],
    esbuildOptions: (options) => {
      options.conditions = ["anygpu-source", "node", "import", "module", "default"]
    }
  })
