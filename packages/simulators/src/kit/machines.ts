import type { VirtualClock } from "../clock.ts"
import type { Address, MachineLogin } from "./login.ts"
import type { Hardware } from "./machine/hardware.ts"

/** How a connection is lost: closed in order, reset, or silent from now on. */
export type Cut = "close" | "reset" | "silence"

/** How the machines of simulated clouds are, where nothing else is said of one of them. */
export interface SshOptions {
  /** Milliseconds of the cloud's time after a machine runs until its port is open, and until keys are let in; 0 where left out. */
  readonly boot?: { readonly port?: number; readonly login?: number }
  /** What a machine truly is, in place of what was rented: fewer GPUs, another model, errors in its memory. */
  readonly hardware?: (rented: Hardware, id: string) => Hardware
}

/** A simulated machine that can be logged in to, and what can happen to it. */
export interface LoginMachine extends Address {
  readonly id: string
  readonly user: string
  /** The public key by which it is known, as a line. */
  readonly hostKey: string
  /** Whether its port is open. */
  readonly isOpen: boolean
  /** Loses every connection there is; what runs without one goes on. Answers how many there were. */
  cut(how: Cut): number
  /** From now on its port is refused, or every key is; null lets in again. Connections there are stay. */
  refuse(what: "connection" | "login" | null): Promise<void>
  /** So many bytes more fit on its disk; none where left out. */
  fillDisk(left?: number): void
  /** It starts again: connections and everything that ran are gone, its files are there. */
  restart(): void
  /** What it is made of from now on, as its programs tell it. */
  change(to: (hardware: Hardware) => Hardware): void
  /** A file's bytes; throws for a missing file. */
  read(path: string): Buffer
  /** Puts a file, and the folders above it. */
  write(path: string, content: string | Uint8Array): void
}

/** The machines of a simulated cloud that can be logged in to, by real ssh on loopback addresses. */
export interface Machines {
  /** A machine by its id; throws for one that has never run, or is gone. */
  of(id: string | number): LoginMachine
  all(): readonly LoginMachine[]
  /**
   * Where a machine answers, as its cloud can tell it: undefined while it has no address, null for one that would have to
   * be at port 22 and is elsewhere. What listens at port 22 then is this computer's own, and nobody is to be led there.
   */
  addressOf(id: string): Address | null | undefined
  /** Makes the servers what the cloud has: opens, closes, starts again. */
  follow(logins: readonly MachineLogin[], clock: VirtualClock): Promise<void>
  /** Closes every port. */
  close(): Promise<void>
}
