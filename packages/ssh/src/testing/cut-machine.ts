import { afterAll, beforeAll } from "vitest"
import { type ConnectedMachine, connect } from "../index.ts"
import type { ConnectOptions } from "../options.ts"
import { type Cutter, startCutter } from "./cutter.ts"
import { type RemoteShell, type Sshd, startSshd } from "./sshd.ts"

/** The pairs of a shell and a client that tests of whole copies and jobs go over. */
export const shellsAndClients = [
  { shell: "dash", transport: "ssh2" },
  { shell: "busybox", transport: "openssh" }
] as const satisfies ReadonlyArray<{ readonly shell: RemoteShell; readonly transport: ConnectOptions["transport"] }>

/** A login to a real sshd over a way that can be cut. */
export interface CutMachine {
  readonly sshd: Sshd
  readonly cutter: Cutter
  readonly machine: ConnectedMachine
}

/** Logs in before the tests of a `describe`, and closes all of it after. It is there once its tests run. */
export const cutMachine = (shell: RemoteShell, options: Pick<ConnectOptions, "transport" | "patience">): CutMachine => {
  const open: { sshd?: Sshd; cutter?: Cutter; machine?: ConnectedMachine } = {}
  beforeAll(async () => {
    open.sshd = await startSshd(shell)
    open.cutter = await startCutter(open.sshd.port)
    const { key } = open.sshd
    open.machine = await connect(open.sshd, { port: open.cutter.port, key, agent: false, ...options })
  }, 60_000)
  afterAll(async () => {
    await open.machine?.close()
    await open.cutter?.stop()
    await open.sshd?.stop()
  })
  const opened = <A>(one: A | undefined): A => {
    if (one === undefined) throw new Error("the machine is there once tests run")
    return one
  }
  return {
    get sshd() {
      return opened(open.sshd)
    },
    get cutter() {
      return opened(open.cutter)
    },
    get machine() {
      return opened(open.machine)
    }
  }
}
