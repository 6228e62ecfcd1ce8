import { operations } from "@anygpu/operations"
import {
  errorShape,
  marketRecordShape,
  marketShowShape,
  openForwardShape,
  openNotebookShape,
  watchShape
} from "@anygpu/operations/protocol"
import { z } from "zod"
import { commands } from "../commands/index.ts"
import { launchShape } from "./launch.ts"
import { ledgerMoveShape } from "./ledger.ts"
import { logLineShape } from "./log-line.ts"
import { simShape } from "./sim.ts"
import { terminateShape } from "./terminate.ts"

/** What a command prints that prints more, or goes on longer, than its operation; what goes on prints one of these a line. */
const own: Readonly<Record<string, z.ZodType>> = {
  launch: launchShape,
  terminate: terminateShape,
  watch: watchShape,
  forward: openForwardShape,
  notebook: openNotebookShape,
  logs: logLineShape,
  events: logLineShape,
  sim: simShape,
  market: z.union([marketRecordShape, marketShowShape]),
  ledger: ledgerMoveShape,
  keeper: z.looseObject({ level: z.string(), event: z.string().describe("what happened; the fields besides differ") }),
  dashboard: z.object({
    link: z.string().describe("the address to open, with the token in it"),
    url: z.string().describe("where it listens")
  }),
  completion: z.object({ shell: z.string(), script: z.string() })
}

/** What each command prints with `--json`: the answer of its operation, unless it has one of its own. */
export const answers = async (): Promise<Readonly<Record<string, z.ZodType>>> => {
  const all = commands.map(async ({ name }) => {
    const answer = own[name] ?? (await operations.find((operation) => operation.name === name)?.answer())
    return answer ? [[name, answer] as const] : []
  })
  return Object.fromEntries((await Promise.all(all)).flat())
}

/** What stands on standard error when a command fails. */
const failure = z.object({ error: errorShape })

/** The same as JSON Schemas by command, with `failure` for what stands on standard error. */
export const jsonSchemas = async (): Promise<Readonly<Record<string, z.core.JSONSchema.JSONSchema>>> =>
  Object.fromEntries(
    Object.entries({ ...(await answers()), failure }).map(([name, shape]) => [name, z.toJSONSchema(shape)])
  )
