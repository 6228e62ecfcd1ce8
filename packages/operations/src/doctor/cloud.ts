import { type GpuClient, type GpuError, isGpuError, kinds, networkAdvice, type Problem, visible } from "anygpu"
import type { OperationContext } from "../context.ts"
import { durationText } from "../text/duration-text.ts"
import { type Check, check, type Drift } from "./check.ts"
import { driftIn } from "./drift.ts"
import { type Exchange, recording } from "./recorder.ts"
import type { CloudSetup } from "./setup.ts"

/** What was found about one cloud. */
export interface Findings {
  readonly checks: ReadonlyArray<Check>
  readonly drift: ReadonlyArray<Drift>
  /** What could not be read. */
  readonly problems: ReadonlyArray<Problem>
}

/** What can be read, and what went wrong. */
interface Reads {
  readonly done: ReadonlyArray<string>
  readonly failed: ReadonlyArray<{ readonly what: string; readonly error: GpuError }>
}

const failedParts = (problems: ReadonlyArray<Problem>): Reads["failed"] =>
  problems.map(({ kind, part, error }) => ({ what: kind ? `${part} (${kind})` : part, error }))

/** What was missing of one answer, or that the cloud has no such operation. */
type Read = ReadonlyArray<Problem> | "lacking"

/** More calls would fail in the same way. */
const isHopeless = ({ failed }: Reads): boolean =>
  failed.some(({ error }) => ["Network", "Timeout", "Unauthenticated", "PermissionDenied"].includes(error._tag))

/** Reads all that reading shows, one after the other; nothing is changed, and the ledger does not hear of it. */
const readAll = async (gpu: GpuClient, signal: AbortSignal): Promise<Reads> => {
  const account = (op: "balance" | "sshKeys" | "images" | "volumes") => async (): Promise<Read> => {
    const { lacking, problems } = await gpu.accounts(op, { signal })
    return lacking.length > 0 ? "lacking" : problems
  }
  const machines = async (): Promise<Read> => {
    const { items, problems } = await gpu.list({ signal })
    // A read of a machine shows more than a list.
    const oneOfEachKind = new Map(items.map((machine) => [machine.ref.kind, machine]))
    for (const { ref } of oneOfEachKind.values()) await gpu.get(ref, { signal })
    return problems
  }
  const reads: ReadonlyArray<readonly [what: string, read: () => Promise<Read>]> = [
    ["machines", machines],
    ["offers", async () => (await gpu.offers({ kind: kinds, signal })).problems],
    ["balance", account("balance")],
    ["ssh keys", account("sshKeys")],
    ["images", account("images")],
    ["volumes", account("volumes")]
  ]
  let result: Reads = { done: [], failed: [] }
  for (const [what, read] of reads) {
    try {
      const found = await read()
      if (found === "lacking") continue
      result = { done: [...result.done, what], failed: [...result.failed, ...failedParts(found)] }
    } catch (error) {
      if (signal.aborted || !isGpuError(error)) throw error
      result = { ...result, failed: [...result.failed, { what, error }] }
    }
    if (isHopeless(result)) return result
  }
  return result
}

/** The most by which two clocks may differ: times of the cloud and times of the ledger are compared. */
const mostSkew = 30_000

const middle = (numbers: ReadonlyArray<number>): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0

const clockCheck = (name: string, exchanges: ReadonlyArray<Exchange>): Check => {
  const skews = exchanges.flatMap(({ skew }) => (skew === null ? [] : [skew]))
  if (skews.length === 0) return check(name, "clock", "skipped", "its answers give no time")
  const skew = middle(skews)
  if (Math.abs(skew) < 2000) return check(name, "clock", "ok", "as here, to two seconds")
  const found = `${durationText(Math.abs(skew))} ${skew > 0 ? "ahead of" : "behind"} this computer's`
  if (Math.abs(skew) <= mostSkew) return check(name, "clock", "ok", found)
  return check(name, "clock", "bad", found, "set this computer's clock, best by a time server")
}

const driftText = ({ path, value }: Drift): string => (value === null ? path : `${path} "${value}"`)

const driftCheck = (name: string, answers: number, drift: ReadonlyArray<Drift>): Check => {
  if (answers === 0) return check(name, "API", "skipped", "no answer to look into")
  if (drift.length === 0) return check(name, "API", "ok", `nothing new in ${answers} answers`)
  return check(name, "API", "bad", `new: ${drift.map(driftText).join(", ")}`, "look for a newer anygpu, or report it")
}

/** How a cloud can be reached and used with its key, and whether it answers what its adapter knows. */
export const examineCloud = async (
  { now, signal }: Pick<OperationContext, "now" | "signal">,
  { name, vocabulary: wordsOf }: Pick<CloudSetup, "name" | "vocabulary">,
  open: NonNullable<CloudSetup["open"]>
): Promise<Findings> => {
  const exchanges: Exchange[] = []
  const gpu = await open((fetch) => recording(fetch, now, exchanges))
  const { done, failed } = await readAll(gpu, signal)
  const refused = failed.find(({ error }) => error._tag === "Unauthenticated" || error._tag === "PermissionDenied")
  const problems = failed.map(({ what, error }): Problem => ({ provider: name, part: what, error }))
  const [unreached] = exchanges.length === 0 ? failed.filter((one) => one !== refused) : []
  if (unreached) {
    const { error } = unreached
    const advice = networkAdvice((error._tag === "Network" && error.reason) || "unknown")
    return {
      checks: [check(name, "network", "bad", visible(error.message).replace(`: ${advice}`, ""), advice)],
      drift: [],
      problems
    }
  }
  const speed = Math.max(1, Math.round(middle(exchanges.map(({ milliseconds }) => milliseconds))))
  const answers = exchanges.filter(({ json }) => json !== undefined)
  const vocabulary = await wordsOf?.()
  const drift = vocabulary ? driftIn(name, answers, vocabulary) : []
  const others = failed.filter((one) => one !== refused)
  return {
    checks: [
      exchanges.length > 0
        ? check(name, "network", "ok", `answers in ${speed} ms`)
        : check(name, "network", "skipped", "its adapter takes no transport, so that nothing is seen of it"),
      refused
        ? check(
            name,
            "login",
            "bad",
            visible(refused.error.message),
            "make a key in the cloud's console, with all rights"
          )
        : check(name, "login", done.length > 0 ? "ok" : "skipped", done.length > 0 ? "the key is taken" : "not known"),
      clockCheck(name, exchanges),
      ...(done.length > 0 ? [check(name, "reads", "ok", done.join(", "))] : []),
      ...others.map(({ what, error }) =>
        check(name, what, "bad", visible(error.message), "try later; report it if it stays")
      ),
      vocabulary
        ? driftCheck(name, answers.length, drift)
        : check(name, "API", "skipped", "what its answers may hold only its adapter knows")
    ],
    drift,
    problems
  }
}
