import type { PoolRequest, PoolRound } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import { present } from "./input/present.ts"
import { type Order, orderOf } from "./launch.run.ts"
import type { poolInput } from "./pool.ts"
import type { PoolJson } from "./protocol/answers/pool.ts"
import { errorJson } from "./protocol/errors.ts"
import { machineJson, timeJson } from "./protocol/model.ts"

type Input = InputOf<typeof poolInput>

/** What a job is taken for where nothing is said, in milliseconds. */
export const usualJob = 24 * 3_600_000

/** A pool of machines that are ordered so; null for one that is ended, which need not say what they are. */
export const poolOf = (
  { name, size, maxAllPerHour, holdFor }: Pick<Input, "name" | "size" | "maxAllPerHour" | "holdFor">,
  order: Order | null
): PoolRequest => {
  const { workload, candidates, limits, job, onCloudTrouble, tags, owner } = order ?? {}
  return {
    ...{ name, size },
    ...present({ holdFor, job, workload, candidates, limits, onCloudTrouble, tags, owner }),
    ...(maxAllPerHour && { budget: { perHour: maxAllPerHour } })
  }
}

/** Keeps a pool once. */
export const keep = async ({ gpu, out, signal }: OperationContext, request: PoolRequest): Promise<PoolRound> => {
  const { name, size } = request
  const client = await gpu()
  const what = size === 0 ? `ending the machines of ${name}` : `keeping ${size} machines of ${name}`
  return await out.during(what, () => client.pool(request, { signal }))
}

/** Keeps the pool of an input once. */
export const run = (context: OperationContext, input: Input): Promise<PoolRound> => {
  const { name, size, for: time = usualJob, maxAllPerHour: _, holdFor: __, ...machine } = input
  return keep(context, poolOf(input, size === 0 ? null : orderOf({ ...machine, name, for: time })))
}

/** A round in JSON. */
export const encode = (
  { name, at, machines, launched, replaced, ended, missing }: PoolRound,
  interrupted = false
): PoolJson => ({
  ...{ name, at: timeJson(at) },
  machines: machines.map(({ place, ref, instance }) => ({
    ...{ place, ref: String(ref), machine: instance && machineJson(instance) }
  })),
  launched: launched.map(String),
  replaced: replaced.map(({ ref, because }) => ({ ref: String(ref), because })),
  ended: ended.map(String),
  missing: missing.map(({ place, error }) => ({ place, error: errorJson(error, interrupted) }))
})
