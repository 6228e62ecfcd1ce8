import { library } from "../../tools/tsup.ts"

export default library([
  "src/index.ts",
  "src/kit/index.ts",
  "src/msw.ts",
  "src/kit/server.ts",
  "src/kit/server.web.ts",
  "src/kit/machine/room.ts",
  "src/kit/machine/room.web.ts"
])
