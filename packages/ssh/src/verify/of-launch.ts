import type { Ledger } from "@anygpu/core"
import type { VerifyMachine } from "anygpu/effect"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { ConnectOptions } from "../options.ts"
import { realClock } from "../proof.ts"
import { connect } from "../session.ts"
import { definedOnly, loginInLedger } from "../way.ts"

/**
 * Asks a machine of a launch what it is: see `VerifyMachine` of the SDK.
 *
 * - What failed for a moment is asked once more: asking changes nothing.
 */
export const verifyWith =
  (ledger: Ledger, defaults: ConnectOptions): VerifyMachine =>
  (machine, { offer, options, within: time }) =>
    Effect.scoped(
      Effect.gen(function* () {
        const known = yield* loginInLedger(ledger, machine.ref)
        const within = time ?? defaults.within ?? "5 minutes"
        const session = yield* connect(machine, { ...known, ...definedOnly(defaults), within })
        const ask = session.verify(offer, options)
        return yield* Effect.retry(ask, { times: 1, while: ({ retry }) => retry === "temporary" })
      })
    ).pipe(Effect.provideService(Clock.Clock, realClock))
