import type { Problem } from "anygpu"
import type { OperationContext } from "./context.ts"
import { type Check, check, type Drift } from "./doctor/check.ts"
import { examineCloud, type Findings } from "./doctor/cloud.ts"
import type { CloudSetup } from "./doctor/setup.ts"
import type { DoctorJson } from "./protocol/answers/doctor.ts"
import { problemsJson } from "./protocol/errors.ts"

/** How all is. */
export interface Examination {
  readonly checks: ReadonlyArray<Check>
  readonly drift: ReadonlyArray<Drift>
  /** What could not be read. */
  readonly problems: ReadonlyArray<Problem>
  /** How many checks need somebody. */
  readonly bad: number
}

/** One cloud, from its key on. */
const examine = async (context: OperationContext, cloud: CloudSetup): Promise<Findings> => {
  const { name, key, open } = cloud
  if (open === null) return { checks: [key], drift: [], problems: [] }
  try {
    const { checks, ...findings } = await examineCloud(context, cloud, open)
    return { checks: [key, ...checks], ...findings }
  } catch (error) {
    if (context.signal.aborted || !(error instanceof Error)) throw error
    const settings = check(name, "settings", "bad", error.message, "correct the key or the base URL")
    return { checks: [key, settings], drift: [], problems: [] }
  }
}

/** Looks at this computer and reads what each cloud with a key lets one read. */
export const run = async (context: OperationContext): Promise<Examination> => {
  const { checks, clouds } = await context.setup()
  const found = await context.out.during("asking the clouds", () =>
    Promise.all(clouds.map((cloud) => examine(context, cloud)))
  )
  const all = [...checks, ...found.flatMap((one) => one.checks)]
  return {
    checks: all,
    drift: found.flatMap(({ drift }) => drift),
    problems: found.flatMap(({ problems }) => problems),
    bad: all.filter(({ state }) => state === "bad").length
  }
}

/** The examination in JSON. */
export const encode = ({ checks, drift, problems, bad }: Examination): DoctorJson => ({
  ...{ well: bad === 0, checks: [...checks], drift: [...drift] },
  ...{ complete: problems.length === 0, problems: problemsJson(problems) }
})
