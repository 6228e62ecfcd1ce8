import type { RunOutcome, RunRequest } from "@anygpu/ssh"
import type { RunRecord } from "anygpu"
import { commandOf } from "./exec.run.ts"
import type { InputOf } from "./input/field.ts"
import { present } from "./input/present.ts"
import { orderOf } from "./launch.run.ts"
import { withPlaces } from "./machines/attached.ts"
import type { Implementation } from "./operation.ts"
import { type RunJson, type RunsJson, runJson, runRecordJson } from "./protocol/answers/run.ts"
import type { jobsInput, runField, runInput } from "./run-job.ts"

type Input = InputOf<typeof runInput>

/** A run as an input asks for it. */
export const runRequestOf = ({ command, env, cwd, retry, retryOnExit, key, name, ...launch }: Input): RunRequest => {
  const { job, workload, candidates, limits, onCloudTrouble, waitForCapacity, tags, owner } = orderOf({
    ...launch,
    name: name ?? key ?? "run"
  })
  return {
    ...{ command: commandOf(command), job },
    ...present({ env, cwd, retry, retryOnExit, key, name, workload, candidates, limits, onCloudTrouble }),
    ...present({ waitForCapacity, tags, owner })
  }
}

/** Starts a command on a machine that is rented for it. */
export const runJob: Implementation<Input, RunOutcome> = {
  run: async (context, input) => {
    const { signal } = context
    const request = await withPlaces(context, runRequestOf(input))
    return await (await context.runs()).run({ ...request, detach: true, signal })
  },
  encode: (outcome): RunJson => runJson(outcome)
}

/** Lists runs. */
export const jobs: Implementation<InputOf<typeof jobsInput>, ReadonlyArray<RunRecord>> = {
  run: async (context, { open = false }) => {
    const { signal } = context
    return await (await context.runs()).runs({ ...(open && { state: "open" }), signal })
  },
  encode: (records): RunsJson => ({ runs: records.map(runRecordJson) })
}

type Named = InputOf<typeof runField>

/** Comes back to a run. Given up, the run is left as it is. */
export const attach: Implementation<Named, RunOutcome> = {
  run: async (context, { run }) => await (await context.runs()).attach(run, { leave: context.signal }),
  encode: (outcome): RunJson => runJson(outcome)
}

/** Stops a run. */
export const stopJob: Implementation<Named, RunOutcome> = {
  run: async (context, { run }) => await (await context.runs()).stopRun(run, { leave: context.signal }),
  encode: (outcome): RunJson => runJson(outcome)
}
