import { join } from "node:path"
import { defineConfig } from "vitest/config"

const conditions = ["anygpu-source", "node", "import", "module", "default"]

/** Runs what is expected to fail, and so is no part of the tests. */
export default defineConfig({
  root: join(import.meta.dirname, ".."),
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: { include: ["side-by-side/their-suite.ts"] }
})
