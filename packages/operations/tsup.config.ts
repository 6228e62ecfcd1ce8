import { library } from "../../tools/tsup.ts"

export default library([
  ...["src/index.ts", "src/run.ts", "src/json.ts", "src/words.ts"],
  ...["src/copying/copying.ts", "src/copying/copying.web.ts"],
  ...["src/protocol/index.ts", "src/protocol/encode.ts", "src/protocol/failure.ts"]
])
