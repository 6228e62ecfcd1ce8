import { library } from "../../tools/tsup.ts"

export default library([
  "src/index.ts",
  "src/adapter/index.ts",
  "src/describe-cloud.ts",
  "src/model/visible.ts",
  "src/ledger/index.ts",
  "src/sqlite/index.ts",
  "src/adapter/default-transport.node.ts",
  "src/adapter/default-transport.web.ts"
])
