import { join } from "node:path"
import { configDefaults, defineConfig } from "vitest/config"

// Node and Vite add `import` and `require` themselves, each where it belongs.
const conditions = ["anygpu-source", "node", "module"]

// Node keeps here what it has compiled for the processes that tests start: each starts in a third of the time.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "node_modules/.cache/node")

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
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
    reporters: ["default"],
    // For a busy computer: what a test holds is never how long it takes.
    testTimeout: 240_000,
    hookTimeout: 240_000
  }
})
