import { library } from "../../tools/tsup.ts"

export default library(["src/protocol/index.ts"])
