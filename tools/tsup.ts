import { defineConfig } from "tsup"

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
