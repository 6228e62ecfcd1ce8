import type { InputOf } from "@anygpu/operations"
import type { attachFields } from "../command/run-fields.ts"
import type { Context } from "../context.ts"
import { reportRun } from "../run-report.ts"

/** `anygpu attach`: comes back to a run; its exit code is the command's. */
export const run = async (
  context: Context,
  { run: name, fromStart = false }: InputOf<typeof attachFields>
): Promise<number> => {
  const runs = await context.runs()
  return await reportRun(context, (how) => runs.attach(name, { ...how, from: fromStart ? "start" : "last" }))
}
