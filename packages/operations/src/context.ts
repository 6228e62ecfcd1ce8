import type { ConnectedMachine, RunPromises } from "@anygpu/ssh"
import type { Cloud, GpuClient, Instance, Ledger } from "anygpu"
import type { Setup } from "./doctor/setup.ts"
import type { Presets } from "./presets/preset.ts"

/** Who can be asked while an operation looks for what was meant. */
export interface Person {
  /** Whether somebody can be asked. */
  readonly possible: boolean
  /** Yes or no. */
  confirm(question: string): Promise<boolean>
  /** One of several. */
  choose<A extends string>(question: string, choices: ReadonlyArray<A>): Promise<A>
}

/** Where an operation says what is no part of its answer. */
export interface Remarks {
  /** What somebody has to see before they answer a question. */
  say(text: string): void
  /** A remark. */
  note(text: string): void
  /** Says what is being waited for, as long as `work` takes. */
  during<A>(text: string, work: (say: (text: string) => void) => Promise<A>): Promise<A>
}

/** What an operation works with: each face gives its own. */
export interface OperationContext {
  /** Goes into every call of the client. */
  readonly signal: AbortSignal
  /** Epoch milliseconds. */
  now(): number
  /** Waits so many milliseconds of the clock of {@link now}; rejects when a signal is aborted. */
  pause(millis: number, signal: AbortSignal): Promise<void>
  /** The clouds that are asked. */
  clouds(): Promise<ReadonlyArray<Cloud>>
  /** One client for all of them, with the ledger. */
  gpu(): Promise<GpuClient>
  ledger(): Promise<Ledger>
  /** What runs commands on machines that are rented for them, on the same clouds and ledger. */
  runs(): Promise<RunPromises>
  /**
   * Logs in to a machine, with the keys and the host keys that the face knows of; `wait` goes on trying while it is just
   * starting. What is opened is the caller's to close.
   */
  connect(machine: Instance, how: { readonly wait: boolean; readonly signal: AbortSignal }): Promise<ConnectedMachine>
  /** What is kept under names. */
  presets(): Promise<Presets>
  /** How all that is set up here. */
  setup(): Promise<Setup>
  /** Machines are named whole, also where it only reads: a program asks, and nobody sees which one was taken. */
  readonly wholeNames: boolean
  readonly asker: Person
  readonly out: Remarks
}
