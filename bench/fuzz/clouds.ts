import { clouds } from "@anygpu/clouds"
import type { AnyProvider, Kind, LaunchSpec, Offer } from "@anygpu/core"
import { type Fetch, fetchTransport } from "@anygpu/core/adapter"
import { createClock } from "@anygpu/simulators"
import { publicKey } from "../cloud.ts"
import { benchCloud } from "../cloud-list.ts"

/** A key that must show nowhere. */
export const secret = "fuzz-key-4f1c9a7e2b5d8036"

/** One kind of a simulated cloud with a few machines of others on it. */
export interface FuzzedKind {
  readonly name: string
  readonly clock: ReturnType<typeof createClock>
  readonly fetch: Fetch
  readonly provider: (fetch: Fetch) => AnyProvider
  readonly spec: (offer: Offer) => LaunchSpec
}

/** Every kind of every cloud. */
export const everyKind = (): ReadonlyArray<FuzzedKind> =>
  clouds.flatMap(({ name, title }) => {
    const { make, inhabited, options } = benchCloud(name)
    const kindsOn = (fetch: Fetch): Readonly<Record<string, AnyProvider>> =>
      make({ apiKey: secret, transport: fetchTransport(fetch) }).kinds
    const nowhere = () => Promise.reject(new Error("no request is sent to learn which kinds there are"))
    return Object.entries(kindsOn(nowhere)).map(([key, { kind }]): FuzzedKind => {
      const clock = createClock()
      const { fetch } = inhabited({ clock, apiKey: secret }, kind as Kind)
      return {
        ...{ name: `${title} ${key}`, clock, fetch },
        provider: (send) => {
          const provider = kindsOn(send)[key]
          if (!provider) throw new Error(`${title} has no ${key}`)
          return provider
        },
        spec: (offer) => ({ offer, name: "job", ...options(offer), sshKeys: [publicKey] })
      }
    })
  })
