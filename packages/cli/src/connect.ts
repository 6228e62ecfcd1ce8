import { type ConnectedMachine, type ConnectOptions, connect, loginInLedger } from "@anygpu/ssh"
import type { Instance } from "anygpu"
import type { Context } from "./context.ts"

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

/** Logs in to a machine as this user. */
export const connectHere = async (
  { io, asker, ledger }: Pick<Context, "io" | "asker" | "ledger">,
  machine: Instance,
  { wait, signal, identity, openssh = false }: Parameters<Context["connect"]>[1] & LoginOptions
): Promise<ConnectedMachine> => {
  const options: ConnectOptions = {
    ...(await loginInLedger(await ledger(), machine.ref, { signal })),
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
