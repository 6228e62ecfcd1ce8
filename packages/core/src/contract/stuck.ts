import { Conflict, type GpuError, InvalidRequest, NoCapacity, ProviderFault, withContext } from "../errors.ts"
import { requestFaultIn } from "../model/boot-words.ts"
import type { Instance } from "../model/instance.ts"
import { visible } from "../model/visible.ts"

/** Why a wait is over without success, and what to do about the machine if it is left as it is. */
export interface Trouble {
  readonly _tag: "Trouble"
  readonly error: GpuError
  /** Null where the error says it all. */
  readonly advice: string | null
}

/** An error of a wait, with what to do about the machine. */
export const trouble = (error: GpuError, advice: string | null): Trouble => ({ _tag: "Trouble", error, advice })

/** The error for who is left with the machine: it says that the machine may cost money, and what to do. */
export const advised = ({ error, advice }: Trouble): GpuError =>
  advice === null ? error : withContext(error, { message: `${error.message}. ${advice}` })

/** The cloud's own words about a machine, to follow a sentence about it. */
export const wordsOf = ({ said, ref }: Instance): string =>
  said === null ? "" : `; ${ref.provider} says: ${visible(said)}`

const leftoversOf = ({ billing, status, ref }: Instance) =>
  billing === "none" || status === "terminated" ? {} : { leftovers: [ref] }

/** A machine that cannot come up because of what was asked for: no other host would do better. */
const wrongRequest = (instance: Instance): InvalidRequest => {
  const { ref, said } = instance
  const { path, problem } = requestFaultIn(said ?? "") ?? { path: "", problem: "cannot run as it was asked for" }
  const message = `${ref} cannot come up: ${path ? `${path}: ` : ""}${problem}${wordsOf(instance)}`
  const issues = [{ path, problem: said === null ? problem : `${problem} (${visible(said)})` }]
  return new InvalidRequest({ message, retry: "permanent", ref, issues, ...leftoversOf(instance) })
}

const failed = (instance: Instance): GpuError => {
  const { reason, ref, endpoints } = instance
  const because = reason ? ` (${reason})` : ""
  if (reason === "no-capacity") {
    const message = `${ref} found no free hardware after all${wordsOf(instance)}; launch on another offer`
    return new NoCapacity({ message, retry: "permanent", ref, ...leftoversOf(instance) })
  }
  const message = `${ref} failed${because} and will not run by itself${wordsOf(instance)}`
  // A batch job that ended has run: on another host it would run, and be paid, once more.
  const reach = reason === "exited" && endpoints.expected === false ? ({ reach: "everywhere" } as const) : {}
  return new ProviderFault({ message, retry: "permanent", ref, ...reach, ...leftoversOf(instance) })
}

/** Why a machine will not become ready by waiting; null while it may. */
export const stuck = (instance: Instance): Trouble | null => {
  const { status, reason, ref, billing } = instance
  const advice = billing === "none" ? "It costs nothing" : "It may still cost money: terminate it"
  if (reason === "invalid-request") return trouble(wrongRequest(instance), advice)
  switch (status) {
    case "failed":
      return trouble(failed(instance), reason === "no-capacity" ? null : advice)
    case "terminating":
    case "terminated":
    case "stopping":
    case "stopped":
    case "interrupted": {
      const because = reason ? ` (${reason})` : ""
      const error = new Conflict({
        message: `${ref} is ${status}${because}, so it will not become ready by waiting${wordsOf(instance)}`,
        retry: "permanent",
        ref,
        reach: "here",
        ...(status !== "terminated" && { leftovers: [ref] })
      })
      return trouble(error, null)
    }
    default:
      return null
  }
}
