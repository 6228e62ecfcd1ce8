import { library } from "../../tools/tsup.ts"

export default library(["src/index.ts", "src/protocol/index.ts", "src/report/index.ts"])
