import type { AnyProvider, GpuError, Instance, LaunchSpec, OptionalOp } from "@anygpu/core"
import { supports } from "@anygpu/core"
import type * as Effect from "effect/Effect"
import { publicKey } from "../cloud.ts"

/** A call of the SDK whose answers are made odd. */
export interface Call {
  readonly name: string
  readonly run: (provider: AnyProvider) => Effect.Effect<unknown, GpuError>
}

/** What is called: every operation that the provider has, on one machine. */
export const callsOf = (provider: AnyProvider, { ref }: Instance, spec: LaunchSpec): ReadonlyArray<Call> => {
  const own = (op: OptionalOp, run: (able: never) => Effect.Effect<unknown, GpuError>): ReadonlyArray<Call> =>
    supports(provider, op) ? [{ name: op, run: (one) => run(one as never) }] : []
  type Able = Required<{
    readonly [Op in OptionalOp]: (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, GpuError>
  }>
  const able = (op: OptionalOp, ...args: ReadonlyArray<unknown>) =>
    own(op, (one) => (one as unknown as Able)[op](...args))
  return [
    { name: "offers", run: (one) => one.offers() },
    { name: "list", run: (one) => one.list() },
    { name: "get", run: (one) => one.get(ref) },
    ...able("balance"),
    ...able("sshKeys"),
    ...able("addSshKey", publicKey),
    ...able("images"),
    ...able("logs", ref),
    ...able("events", ref),
    ...able("machineSshKeys", ref),
    ...able("rename", ref, "renamed"),
    ...able("restart", ref),
    { name: "launch", run: (one) => one.launch(spec) },
    ...able("stop", ref),
    { name: "terminate", run: (one) => one.terminate(ref, { within: "1 minute" }) }
  ]
}
