import type { Instance, SshExtension } from "anygpu"
import * as Effect from "effect/Effect"
import type { Context } from "./context.ts"

/** Whether a way in leads to this computer. */
const leadsHere = ({ endpoints }: Instance): boolean =>
  endpoints.ssh.some(({ host }) => /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host))

/**
 * How a launch proves a login: ssh is loaded when the first one is.
 *
 * - Of simulated machines those alone are logged in to that have an sshd on this computer: the others have none.
 */
export const provingLogins = ({ io, asker }: Pick<Context, "io" | "asker">, isSimulated: boolean): SshExtension => ({
  effects: () => ({}),
  promises: () => ({}),
  proof: (ledger) => (machine, options) => {
    if (isSimulated && io.ssh === undefined && !leadsHere(machine)) return Effect.void
    const load = Effect.promise(() => Promise.all([import("@anygpu/ssh"), import("./connect.ts")]))
    return Effect.flatMap(load, ([{ ssh }, { loginHere }]) =>
      ssh(loginHere({ io, asker })).proof(ledger)(machine, options)
    )
  }
})
