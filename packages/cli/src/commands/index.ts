import { account } from "../catalogue/account.ts"
import type { CommandEntry } from "../catalogue/entry.ts"
import { finding } from "../catalogue/finding.ts"
import { looking } from "../catalogue/looking.ts"
import { renting } from "../catalogue/renting.ts"
import { tools } from "../catalogue/tools.ts"
import { using } from "../catalogue/using.ts"

/** Every command, in the order of `--help`. */
export const commands: ReadonlyArray<CommandEntry> = [
  ...finding,
  ...renting,
  ...looking,
  ...using,
  ...account,
  ...tools
]
