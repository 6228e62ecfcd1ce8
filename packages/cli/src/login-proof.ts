import type { RunPromises } from "@anygpu/ssh"
import { type Instance, InvalidRequest, type SshExtension } from "anygpu"
import type { Gpu } from "anygpu/effect"
import * as Effect from "effect/Effect"
import type { Context } from "./context.ts"

/** Whether a host is this computer. */
export const isLoopback = (host: string): boolean => /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host)

/** Whether a way in leads to this computer. */
export const leadsHere = ({ endpoints }: Instance): boolean => endpoints.ssh.some(({ host }) => isLoopback(host))

/** What a launch is refused with that is to verify a machine without an sshd. */
const withoutSshd = InvalidRequest.of("verify", "asks a machine by ssh, and this simulated one has none")

/**
 * How a launch proves a login, and verifies its machine: ssh is loaded when the first one is.
 *
 * - Of simulated machines those alone are logged in to that have an sshd on this computer: the others have none.
 */
export const provingLogins = (
  { io, asker }: Pick<Context, "io" | "asker">,
  isSimulated: boolean
): SshExtension<object, RunPromises> => {
  const isWithoutSshd = (machine: Instance) => isSimulated && io.ssh === undefined && !leadsHere(machine)
  const loaded = Effect.promise(async () => {
    const [{ ssh }, { loginHere }] = await Promise.all([import("@anygpu/ssh"), import("./connect.ts")])
    return ssh(loginHere({ io, asker }))
  })
  return {
    effects: () => ({}),
    promises: (client, run) => {
      const get: Gpu["get"] = (target) =>
        Effect.flatMap(client.gpu.get(target), (machine) =>
          isWithoutSshd(machine) ? Effect.fail(withoutSshd) : Effect.succeed(machine)
        )
      const own = { ...client, gpu: { ...client.gpu, get } }
      const runs = async () => (await Effect.runPromise(loaded)).promises(own, run)
      return {
        run: async (request) => await (await runs()).run(request),
        attach: async (name, options) => await (await runs()).attach(name, options),
        stopRun: async (name, options) => await (await runs()).stopRun(name, options),
        runs: async (query) => await (await runs()).runs(query)
      }
    },
    proof: (ledger) => (machine, options) =>
      isWithoutSshd(machine) ? Effect.void : Effect.flatMap(loaded, (ssh) => ssh.proof(ledger)(machine, options)),
    verify: (ledger) => (machine, order) =>
      isWithoutSshd(machine)
        ? Effect.fail(withoutSshd)
        : Effect.flatMap(loaded, (ssh) => ssh.verify(ledger)(machine, order))
  }
}
