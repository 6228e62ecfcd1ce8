import type { AnyProvider, Cloud } from "../contract/provider.ts"
import { callback, type Shape } from "../contract/shape.ts"
import type { CloudDescription } from "../describe-cloud.ts"
import { address, type CloudFactory, cloudFactory } from "./cloud-factory.ts"
import type { Endpoint } from "./endpoint.ts"
import type { NativeClient } from "./native.ts"
import { type CloudContents, openCloud } from "./open-cloud.ts"
import type { Login } from "./tokens.ts"
import type { Transport } from "./transport.ts"

/** How to reach an account of a cloud that gives tokens for its keys, and has one address. */
export type TokenOptions<Keys extends string> = { readonly [Key in Keys]: string } & {
  /** Another address than the cloud's own, for tests. */
  readonly baseUrl?: string
  /** How requests are sent: pooled undici in Node and the global fetch elsewhere by default. */
  readonly transport?: Transport
}

/** A cloud that gives tokens for its keys, as its factory is made of it. */
export interface TokenDefinition<
  Name extends string,
  Keys extends string,
  Endpoints extends Readonly<Record<string, Endpoint>>,
  Kinds extends Readonly<Record<string, AnyProvider>>
> extends CloudContents<Endpoints, Kinds> {
  /** The cloud as it describes itself: its name, and its keys. */
  readonly described: Pick<CloudDescription<Name>, "name" | "keys">
  /** The cloud's own address; a path in it precedes every endpoint's. */
  readonly baseUrl: string
  /** How the cloud gives tokens for its keys. */
  readonly login: (keys: { readonly [Key in Keys]: string }) => Login
}

/**
 * Makes the function that users call for a cloud whose calls carry tokens that expire: see {@link cloudFactory} for what
 * it refuses.
 *
 * - Nothing is sent when it is called: the first call logs in.
 * - Each of its keys counts as a secret, and so does every token.
 */
export const tokenCloud = <
  Name extends string,
  Keys extends string,
  const Endpoints extends Readonly<Record<string, Endpoint>>,
  Kinds extends Readonly<Record<string, AnyProvider>>
>({
  described,
  baseUrl: usualUrl,
  login,
  ...contents
}: TokenDefinition<Name, Keys, Endpoints, Kinds>): CloudFactory<
  TokenOptions<Keys>,
  Cloud<Name, Kinds, NativeClient<Endpoints>>,
  Keys
> => {
  const options: Readonly<Record<"baseUrl" | "transport", Shape>> = { baseUrl: address, transport: callback }
  return cloudFactory<TokenOptions<Keys>, Cloud<Name, Kinds, NativeClient<Endpoints>>, Keys>({
    described,
    options: options as { readonly [Option in Exclude<keyof Required<TokenOptions<Keys>>, Keys>]: Shape },
    open: (given) => {
      const { baseUrl = usualUrl, transport }: { readonly baseUrl?: string; readonly transport?: Transport } = given
      const secrets = described.keys.map(({ option }) => given[option as Keys])
      return openCloud({
        ...{ ...contents, name: described.name, baseUrl, secrets, transport },
        ...{ headers: () => ({}), login: login(given) }
      })
    }
  })
}
