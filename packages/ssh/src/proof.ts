import { type GpuError, InstanceRef, type Ledger } from "@anygpu/core"
import type { LoginProof } from "anygpu/effect"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { ConnectOptions } from "./options.ts"
import { ready } from "./ready.ts"
import { definedOnly, loginInLedger } from "./way.ts"

/** A login takes real time, whatever clock its client runs on. */
export const realClock = Context.get(Context.empty(), Clock.Clock)

/** Whether nobody here has a private key of the launch, as far as can be known: OpenSSH does not report what it tried. */
const isForOthers = (error: GpuError, { key, transport }: ConnectOptions): boolean =>
  error._tag === "LoginRefused" && (error.tried.length === 0 || (transport === "openssh" && key === undefined))

/**
 * Proves a login for a client: see `LoginProof` of the SDK.
 *
 * - Where nobody asked for it, private keys of the launch's public ones are tried alone. Without one here, and the
 *   caller named none, it is enough that the machine answers.
 */
export const proofWith =
  (ledger: Ledger, defaults: ConnectOptions): LoginProof =>
  ({ ref: { provider, kind, id }, endpoints }, { within: time, isAskedFor }) =>
    Effect.gen(function* () {
      const ref = new InstanceRef(provider, kind, id)
      const known = yield* loginInLedger(ledger, ref)
      const within = time ?? defaults.within ?? "5 minutes"
      const options = { ...known, ...definedOnly(defaults), within }
      const proof = (more: ConnectOptions) => ready({ ref, endpoints }, { ...options, ...more })
      if (isAskedFor) return yield* proof({})
      const asked = proof({ publicKeys: options.publicKeys ?? known.likelyKeys })
      return yield* Effect.catchIf(
        asked,
        (error) => isForOthers(error, options),
        () => Effect.void
      )
    }).pipe(Effect.provideService(Clock.Clock, realClock))
