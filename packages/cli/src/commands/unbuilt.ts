import { Unsupported } from "anygpu"
import type { Run } from "../catalogue/entry.ts"

/** Says that the command is not there yet. */
export const run: Run = async () => {
  throw new Unsupported({
    message: "This command is not built yet. Nothing was sent.",
    retry: "permanent",
    feature: "command"
  })
}
