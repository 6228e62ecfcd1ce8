import * as Redacted from "effect/Redacted"
import type { AnyProvider, Cloud } from "../contract/provider.ts"
import { callback } from "../contract/shape.ts"
import type { CloudDescription } from "../describe-cloud.ts"
import { address, type CloudFactory, cloudFactory } from "./cloud-factory.ts"
import type { Endpoint } from "./endpoint.ts"
import type { NativeClient } from "./native.ts"
import { type CloudContents, openCloud } from "./open-cloud.ts"
import type { Transport } from "./transport.ts"

/** How to reach an account of a cloud that has one key and one address. */
export interface ApiKeyOptions {
  readonly apiKey: string
  /** Another address than the cloud's own, for tests. */
  readonly baseUrl?: string
  /** How requests are sent: pooled undici in Node and the global fetch elsewhere by default. */
  readonly transport?: Transport
}

/** A cloud that has one key and one address, as its factory is made of it. */
export interface ApiKeyDefinition<
  Name extends string,
  Endpoints extends Readonly<Record<string, Endpoint>>,
  Kinds extends Readonly<Record<string, AnyProvider>>
> extends CloudContents<Endpoints, Kinds> {
  /** The cloud as it describes itself: its name, and its key. */
  readonly described: Pick<CloudDescription<Name>, "name" | "keys">
  /** The cloud's own address; a path in it precedes every endpoint's. */
  readonly baseUrl: string
  /** The headers in which the cloud takes its key. Their values count as secrets. */
  readonly headers: (apiKey: string) => Readonly<Record<string, string>>
}

/**
 * Makes the function that users call for a cloud that has one key and one address: see {@link cloudFactory} for what it
 * refuses.
 *
 * - Nothing is sent when it is called.
 */
export const apiKeyCloud = <
  Name extends string,
  const Endpoints extends Readonly<Record<string, Endpoint>>,
  Kinds extends Readonly<Record<string, AnyProvider>>
>({
  described,
  baseUrl: usualUrl,
  headers,
  classify,
  endpoints,
  identify,
  kinds
}: ApiKeyDefinition<Name, Endpoints, Kinds>): CloudFactory<
  ApiKeyOptions,
  Cloud<Name, Kinds, NativeClient<Endpoints>>
> => {
  const { name } = described
  return cloudFactory<ApiKeyOptions, Cloud<Name, Kinds, NativeClient<Endpoints>>>({
    described,
    options: { baseUrl: address, transport: callback },
    open: ({ apiKey, baseUrl = usualUrl, transport }) => {
      let made: Readonly<Record<string, Redacted.Redacted>> | undefined
      const credentials = () => {
        made ??= Object.fromEntries(
          Object.entries(headers(apiKey)).map(([header, value]) => [header, Redacted.make(value)])
        )
        return made
      }
      return openCloud({
        ...{ name, baseUrl, classify, secrets: [apiKey], headers: credentials, endpoints, identify, kinds },
        transport
      })
    }
  })
}
