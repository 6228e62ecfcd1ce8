import type { InputOf, stopJob } from "@anygpu/operations"
import type { Context } from "../context.ts"
import { reportRun } from "../run-report.ts"

/** `anygpu stop-job`: ends a run before its time. */
export const run = async (context: Context, { run: name }: InputOf<(typeof stopJob)["input"]>): Promise<number> => {
  const runs = await context.runs()
  const code = await reportRun(context, (how) => runs.stopRun(name, how))
  // It was to be stopped: that it was is no failure.
  const [held] = (await runs.runs()).filter(({ key, id }) => key === name || id === name)
  return held?.state === "over" ? 0 : code
}
