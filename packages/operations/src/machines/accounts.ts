import {
  type GpuClient,
  isGpuError,
  type Kind,
  type OptionalOp,
  type OptionalOps,
  type Problem,
  type Promised
} from "anygpu"

/** One kind of one cloud that has an operation which not every cloud has. */
export type Able<O extends OptionalOp> = Promised<Pick<OptionalOps<string, Kind>, O>> & {
  readonly provider: string
  readonly kind: Kind
}

const isAble = <O extends OptionalOp>(provider: object, op: O): provider is Able<O> =>
  "capabilities" in provider && provider.capabilities instanceof Set && provider.capabilities.has(op)

/** Those that have an operation, by cloud; a cloud that lacks it has none. */
export const ableOf = <O extends OptionalOp>(
  client: GpuClient,
  op: O
): ReadonlyArray<[string, ReadonlyArray<Able<O>>]> =>
  Object.entries(client.clouds).map(([cloud, kinds]) => [
    cloud,
    Object.values(kinds).filter((kind) => typeof kind === "object" && kind !== null && isAble(kind, op))
  ])

/** What the clouds answered. */
export interface Answers<A> {
  readonly answers: ReadonlyArray<A>
  /** Clouds that have no such operation. */
  readonly lacking: ReadonlyArray<string>
  readonly complete: boolean
  readonly problems: ReadonlyArray<Problem>
}

/**
 * Changes something on every account that can, all at once.
 *
 * - A cloud that fails is a problem of the answer; when every one fails, the first error is thrown.
 */
export const changeAccounts = async <O extends OptionalOp, A>(
  client: GpuClient,
  op: O,
  ask: (provider: Able<O>) => Promise<A>
): Promise<Answers<A>> => {
  const able = ableOf(client, op)
  const asked = able.flatMap(([, kinds]) => kinds.slice(0, 1))
  const settled = await Promise.allSettled(asked.map(ask))
  const problems = settled.flatMap((result, index): ReadonlyArray<Problem> => {
    if (result.status === "fulfilled") return []
    const provider = asked[index]
    if (!provider || !isGpuError(result.reason)) throw result.reason
    return [{ provider: provider.provider, kind: provider.kind, part: op, error: result.reason }]
  })
  const [first] = problems
  if (first && problems.length === asked.length) throw first.error
  return {
    answers: settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])),
    lacking: able.filter(([, kinds]) => kinds.length === 0).map(([cloud]) => cloud),
    complete: problems.length === 0,
    problems
  }
}
