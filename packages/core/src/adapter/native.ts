import type * as Effect from "effect/Effect"
import type { GpuError } from "../errors.ts"
import type { Caller } from "./caller.ts"
import type { AnswerOf, CallArgs, Endpoint } from "./endpoint.ts"

/** A typed low-level client: one method per endpoint, taking what that endpoint takes and nothing else. */
export type NativeClient<Endpoints extends Readonly<Record<string, Endpoint>>> = {
  readonly [Name in keyof Endpoints]: (
    ...args: CallArgs<Endpoints[Name]>
  ) => Effect.Effect<AnswerOf<Endpoints[Name]>, GpuError>
}

/** Makes a client of a cloud's endpoints, with the caller's limits, retries and errors. */
export const nativeClient = <const Endpoints extends Readonly<Record<string, Endpoint>>>(
  endpoints: Endpoints,
  caller: Pick<Caller, "call">
): NativeClient<Endpoints> =>
  Object.fromEntries(
    Object.entries(endpoints).map(([name, endpoint]) => [
      name,
      (...args: CallArgs<Endpoint>) => caller.call(endpoint, ...args)
    ])
  ) as unknown as NativeClient<Endpoints>
