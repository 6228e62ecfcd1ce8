import { configDefaults, defineConfig } from "vitest/config"

const conditions = ["anygpu-source", "node", "import", "module", "default"]

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "tools/**/*.test.ts",
      "examples/**/*.test.ts",
      "bench/**/*.test.ts",
      "runtimes/**/*.test.ts"
    ],
    exclude: [...configDefaults.exclude, "tools/new-provider/templates/**"],
    setupFiles: ["./tools/vitest-setup.ts"],
    // A process for each file: what one test file patches or leaks, no other sees.
    isolate: true,
    reporters: ["default"],
    testTimeout: 20_000
  }
})
