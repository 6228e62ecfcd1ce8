import { library } from "../../tools/tsup.ts"

export default library(["src/index.ts", "src/ledger-store/index.ts", "src/vitest.ts"])
