import type { Cloud } from "@anygpu/core"
import { type CloudFactory, type Login, type NativeClient, type TokenOptions, tokenCloud } from "@anygpu/core/adapter"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { projectOf } from "./account.ts"
import { cloud } from "./cloud.ts"
import { endpoints } from "./endpoints.ts"
import { classify } from "./errors.ts"
import { vms } from "./provider.ts"

export { fetchTransport, type Transport } from "@anygpu/core/adapter"
export { endpoints } from "./endpoints.ts"
export { lifecycle, type VerdaFacts } from "./lifecycle.ts"
export type { InstanceNative } from "./to-domain.ts"

/** The names of Verda's two keys. */
type Keys = "clientId" | "clientSecret"

/** How to reach a Verda project: the client id and the client secret of its Cloud API credentials. */
export type VerdaOptions = TokenOptions<Keys>

/** Verda: its VMs, and its low-level client. */
export type Verda = Cloud<"verda", { readonly vms: ReturnType<typeof vms> }, NativeClient<typeof endpoints>>

/**
 * OAuth with client credentials. A refresh that fails is followed by the credentials, as in Verda's own clients.
 *
 * Source: Verda API v1, POST /oauth2/token.
 */
const login = ({ clientId: client_id, clientSecret: client_secret }: Readonly<Record<Keys, string>>): Login => ({
  ask: (call, refresh) =>
    Effect.map(
      refresh === undefined
        ? call(endpoints.getToken, { body: { grant_type: "client_credentials", client_id, client_secret } })
        : call(endpoints.refreshToken, { body: { grant_type: "refresh_token", refresh_token: refresh } }),
      ({ access_token, expires_in, refresh_token }) => ({
        value: access_token,
        lifetime: Duration.seconds(expires_in),
        refresh: refresh_token ?? undefined
      })
    ),
  headers: (token) => ({ authorization: `Bearer ${token}` })
})

/**
 * Verda's cloud behind the common contract: VMs with GPUs or CPUs alone, on demand and spot.
 *
 * - Sends nothing by itself: the first operation logs in, with a token that lasts an hour and is renewed before it ends.
 * - Throws `InvalidRequest` when a key is missing, an option is unknown, or the base URL would carry the keys in clear text.
 * - `verda.fromEnv()` takes the keys from `VERDA_CLIENT_ID` and `VERDA_CLIENT_SECRET`; `createGpu` leaves the cloud out
 *   without them.
 *
 * @example
 * ```ts
 * import { verda } from "@anygpu/verda"
 *
 * const cloud = verda({ clientId: "...", clientSecret: "..." })
 * const offers = cloud.kinds.vms.offers({ gpu: "H100", limit: 5 })
 * ```
 */
export const verda: CloudFactory<VerdaOptions, Verda, Keys> = tokenCloud({
  described: cloud,
  baseUrl: "https://api.verda.com",
  login,
  classify,
  endpoints,
  identify: projectOf,
  kinds: (caller, account) => ({ vms: vms(caller, account) })
})
