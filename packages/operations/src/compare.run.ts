import type { Candidate, CompareRequest, Comparison, Job } from "anygpu"
import type { compareInput } from "./compare.ts"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import { filterOf } from "./input/filter.ts"
import { jobOf } from "./input/job.ts"
import { present } from "./input/present.ts"
import type { CompareJson } from "./protocol/answers/compare.ts"
import { costJson, type Gathered, gatheredJson, jobJson, offerJson } from "./protocol/model.ts"

/** The offers that fit, ranked by what the job costs on them. */
export interface Compared extends Gathered {
  readonly job: Job & { readonly duration: number }
  /** The cheapest ones, as many as were asked for. */
  readonly candidates: ReadonlyArray<Candidate>
  readonly total: number
  /** All of them, and what was left out. */
  readonly found: Comparison
}

/** Asks all clouds for offers and ranks them. */
export const run = async (context: OperationContext, input: InputOf<typeof compareInput>): Promise<Compared> => {
  const { out, signal } = context
  const { limit = 10, interruptible = false, anyInterruptible = false, maxTotal, prefer } = input
  const job = jobOf(input)
  const request: CompareRequest = {
    ...filterOf(input),
    job,
    interruptible: anyInterruptible ? "any" : interruptible,
    ...present({ maxTotal, prefer })
  }
  const gpu = await context.gpu()
  const found = await out.during("comparing offers", () => gpu.compare(request, { signal }))
  return {
    ...{ job, found, complete: found.complete, problems: found.problems, observedAt: found.observedAt },
    candidates: limit === 0 ? found.candidates : found.candidates.slice(0, limit),
    total: found.candidates.length
  }
}

/** The ranking in JSON. */
export const encode = ({ job, candidates, total, found }: Compared): CompareJson => ({
  job: jobJson(job),
  candidates: candidates.map(({ rank, offer, cost, penalty }) => ({
    ...{ rank, offer: offerJson(offer), cost: costJson(cost), penalty }
  })),
  total,
  excluded: found.excluded.map((one) => ({ ...one })),
  ...gatheredJson(found)
})
