import type * as Effect from "effect/Effect"
import type { AnyProvider, Cloud } from "../contract/provider.ts"
import type { GpuError } from "../errors.ts"
import { type Account, makeAccount } from "./account.ts"
import { type Caller, makeCaller } from "./caller.ts"
import type { CallerConfig } from "./caller-config.ts"
import type { Endpoint } from "./endpoint.ts"
import { type NativeClient, nativeClient } from "./native.ts"
import type { Transport } from "./transport.ts"

/** What a cloud with one address is made of besides its keys. */
export interface CloudContents<
  Endpoints extends Readonly<Record<string, Endpoint>>,
  Kinds extends Readonly<Record<string, AnyProvider>>
> extends Pick<CallerConfig, "classify"> {
  /** Every endpoint, for `native`. */
  readonly endpoints: Endpoints
  /** Asks the cloud whose the key is, where a document says how: one quick request. */
  readonly identify?: ((caller: Caller) => Effect.Effect<string, GpuError>) | undefined
  /** The providers of the cloud, one a kind. */
  readonly kinds: (caller: Caller, account: Account) => Kinds
}

/** A cloud with one address, opened with its keys. */
export const openCloud = <
  Name extends string,
  const Endpoints extends Readonly<Record<string, Endpoint>>,
  Kinds extends Readonly<Record<string, AnyProvider>>
>({
  name,
  secrets,
  endpoints,
  identify,
  kinds,
  transport,
  ...config
}: CloudContents<Endpoints, Kinds> &
  Omit<CallerConfig, "provider" | "secrets" | "transport"> & {
    readonly name: Name
    /** The keys; by them the account is known. */
    readonly secrets: ReadonlyArray<string>
    readonly transport: Transport | undefined
  }): Cloud<Name, Kinds, NativeClient<Endpoints>> => {
  const caller = makeCaller({ ...config, provider: name, secrets, ...(transport && { transport }) })
  const apiKey = secrets.join("\n")
  const account = makeAccount({ provider: name, apiKey, ...(identify && { identify: identify(caller) }) })
  return { name, kinds: kinds(caller, account), native: nativeClient(endpoints, caller) }
}
