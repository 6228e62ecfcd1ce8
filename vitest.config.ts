import { join } from "node:path"
import { configDefaults, defineConfig } from "vitest/config"

// Node keeps here what it has compiled for the processes that tests start: each starts in a third of the time.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "node_modules/.cache/node")

export default defineConfig({
  plugins: [
    {
      name: "conditions-of-node",
      // Vite adds `development`, under which some packages are their sources: Node reads TypeScript only outside of them.
      configResolved: ({ ssr }) => {
        ssr.resolve = { ...ssr.resolve, conditions: ["anygpu-source"] }
      }
    }
  ],
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "packages/dashboard/page/**/*.test.ts",
      "tools/**/*.test.ts",
      "examples/**/*.test.ts",
      "bench/**/*.test.ts",
      "runtimes/**/*.test.ts"
    ],
    exclude: [...configDefaults.exclude, "tools/new-provider/templates/**"],
    // The dearest files: `pnpm --filter @anygpu/bench tests`.
    setupFiles: [...(process.env.TEST_TIMES ? ["./tools/test-times.ts"] : []), "./tools/vitest-setup.ts"],
    // Two processes that run file after file: nine tenths of a file's time was starting one and loading Effect and zod again.
    // `unit:isolated` gives each file its own, for a failure that comes and goes.
    isolate: false,
    maxWorkers: 2,
    // Node reads the sources itself, as for every program here. With Vite's loader each call of an imported function is a look-up
    // in an object first: work in loops takes up to three times as long.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    reporters: ["default"],
    // For a busy computer: what a test holds is never how long it takes.
    testTimeout: 240_000,
    hookTimeout: 240_000
  }
})
