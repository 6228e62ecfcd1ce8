import { defineConfig } from "tsup"

export default defineConfig({
  entry: ["src/index.ts", "src/cloud.ts"],
  format: "esm",
  target: "node22",
  platform: "neutral",
  sourcemap: true,
  clean: true,
  removeNodeProtocol: false
})
