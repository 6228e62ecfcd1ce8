import { type ConnectedMachine, type ConnectOptions, connect, loginInLedger } from "@anygpu/ssh"
import { type Instance, Unsupported } from "anygpu"
import type { Context } from "./context.ts"
import { leadsHere } from "./login-proof.ts"

/** How a person wants to log in. */
export interface LoginOptions {
  /** The file of a private key: no other one is tried then. */
  readonly identity?: string | undefined
  /** Whether the ssh of this computer is used. */
  readonly openssh?: boolean | undefined
}

/** How long a machine that is just starting may take to let somebody in. */
const patience = "5 minutes"

/** How this user logs in anywhere: asked for passphrases where that is possible. */
export const loginHere = ({ io, asker }: Pick<Context, "io" | "asker">): ConnectOptions => ({
  ...io.ssh,
  ...(asker.possible && { passphrase: (name: string) => asker.secret(`Passphrase of ${name}:`) })
})

/** A simulated machine whose address is made up: nobody is to be sent there. */
const isMadeUp = ({ io, settings }: Pick<Context, "io" | "settings">, machine: Instance): boolean =>
  settings.sim && io.ssh === undefined && !leadsHere(machine)

/** Logs in to a machine as this user. Throws `Unsupported` for a simulated one without an sshd. */
export const connectHere = async (
  { io, settings, asker, ledger }: Pick<Context, "io" | "settings" | "asker" | "ledger">,
  machine: Instance,
  { wait, signal, identity, openssh = false }: Parameters<Context["connect"]>[1] & LoginOptions
): Promise<ConnectedMachine> => {
  const { ref } = machine
  if (isMadeUp({ io, settings }, machine)) {
    const message = `${ref} is simulated: there is nothing to log in to`
    throw new Unsupported({ message, retry: "permanent", provider: ref.provider, feature: "ssh" })
  }
  const options: ConnectOptions = {
    ...(await loginInLedger(await ledger(), ref, { signal })),
    ...loginHere({ io, asker }),
    ...(identity !== undefined && { key: identity }),
    ...(openssh && { transport: "openssh" }),
    ...(wait && { within: patience })
  }
  return connect(machine, { ...options, signal })
}

/** The same context, which logs in as a person wants it. */
export const loggingInWith = (context: Context, { identity, openssh }: LoginOptions): Context => ({
  ...context,
  connect: (machine, how) => connectHere(context, machine, { ...how, identity, openssh })
})
