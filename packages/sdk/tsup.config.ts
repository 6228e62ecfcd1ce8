import { command, library } from "../../tools/tsup.ts"
import manifest from "./package.json" with { type: "json" }

export default [
  library(["src/index.ts", "src/effect.ts", "src/report.ts", "src/sqlite.ts"]),
  command("../cli/src/bin.ts", {
    ...{ outDir: "bin", version: manifest.version },
    folders: { page: "../dashboard/dist/page" }
  })
]
