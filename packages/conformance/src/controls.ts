import type { Offer } from "@anygpu/core"
import type { FalseAnswer, Falsify } from "./false-answers.ts"

/** Ends a fault before its time. */
export type Undo = () => void

/** Done at once, or when the promise is. */
export type Done = void | Promise<void>

/**
 * What a test can do to a simulated cloud. All are optional for a harness: leave out what the cloud cannot have.
 *
 * - `create...`: what the next request that rents comes to, with its repetitions where the cloud takes an idempotency key.
 *   Reads and other writes are not touched.
 * - `reads...`: what the next `times` requests that change nothing come to; `Infinity` until undone.
 */
export interface CloudControls {
  /** Makes the machine; the connection is reset before the answer. */
  createLostAfter(): void
  /** Makes nothing; the connection is reset. */
  createLostBefore(): void
  /** Makes the machine and never answers. */
  createHangs(): void
  /** Is under way, and does nothing, until it is let go. */
  createHeld(): Undo
  /** Makes the machine and answers 500. */
  createFailsAfter(): void
  /** Makes nothing and answers 500. */
  createFailsBefore(): void
  /** Makes the machine and answers with a web page. */
  createHtmlAfter(): void
  /** Makes the machine; the answer is cut in the middle. */
  createCutAfter(): void
  /** Refuses with 400, in words that hold what was sent and then these. */
  createEchoed(words: string): void
  /** Refuses with 429 and makes nothing. */
  createLimited(): void
  /** Refuses with 401 and makes nothing, as where the key or the token was revoked on the way. */
  createUnauthorized(): void
  /** Refuses: the offer is gone. */
  createRefusedForCapacity(): void
  /** Refuses: the account may not have more machines, in the words and with the status of a wrong request. */
  createRefusedForQuota(): void
  /** Refuses: the account has too little money. */
  createRefusedForFunds(): void
  /** Makes a machine and answers a refusal all the same. */
  createRefusedButMade(): void

  /** Opens a second account on the cloud, with money and without machines, and answers its key, which `connect` takes. */
  otherAccount(): string

  /** 500. */
  readsFail(times: number): Undo
  /** The connection is reset. */
  readsReset(times: number): Undo
  /** 429. */
  readsLimited(times: number): Undo
  /** 401. */
  readsUnauthorized(times: number): Undo
  /** A web page instead of the answer. */
  readsHtml(times: number): Undo
  /** The answer is cut in the middle. */
  readsCut(times: number): Undo
  /** The answer is no JSON. */
  readsMalformed(times: number): Undo
  /** Something else in place of every answer, made of the true one. */
  readsFalse(falsify: Falsify): Undo
  /** Nothing reaches the cloud any more. */
  unreachable(): Undo

  /** Puts so many machines on the account that a list takes several pages; answers their ids. */
  fillPages(): ReadonlyArray<string> | Promise<ReadonlyArray<string>>
  /** Every page of the list of machines but the first fails. */
  breakLaterPages(): Undo
  /** One machine's row cannot be read in the list: a field has another shape. */
  malformMachine(id: string): Done
  /** One offer's row cannot be read. */
  malformOffer(): Done
  /**
   * Lets `change` alter the machine's row, in place, in every list and read until undone; its id stays what it is.
   */
  alterMachine(id: string, change: (row: Record<string, unknown>) => void): Undo
  /** Answers that do not show the machine come so many milliseconds late; answers when the last one was there that does. */
  othersLate(id: string, ms: number): () => number | null
  /** The same of one offer's row. */
  alterOffer(change: (row: Record<string, unknown>) => void): Undo
  /** The cloud says of a machine, in lists and reads, what no document knows. */
  unknownStatus(id: string): Done
  /**
   * The next `times` reads of one machine are answered with the cloud's own "not found", also where the machine exists.
   * Lists are right.
   */
  readsDeny(times: number): Undo
  /** The same of requests to end a machine, which do nothing. */
  endsDeny(times: number): Undo
  /** The same of the next `times` requests to change a machine in another way, which do nothing. */
  changesDeny(times: number): Undo
  /** Something else than the cloud answers the next `times` reads of one machine. */
  readsForeign(answer: FalseAnswer, times: number): Undo
  /** The same of requests to end a machine, which do nothing. */
  endsForeign(answer: FalseAnswer, times: number): Undo
  /** Reads of the first machine are answered with the second. */
  readsMixedUp(id: string, other: string): Undo
  /** The next create makes its machine, and the answer names this one in its place. */
  createNamesOther(id: string): void
  /** The next `times` requests to end a machine are refused with 429, which asks for a wait of ten days. */
  endsLimited(times: number): Undo
  /** Every page of the list of machines names another one, with a machine that is in no other, until undone. */
  endlessPages(): Undo
  /** The next `times` requests to end a machine are refused, and do nothing. */
  endsRefused(status: 400 | 500, times: number): Undo
  /**
   * Once the machine is gone, reads of it go on as the last one was, in a word that no document knows; lists do not
   * show it.
   */
  leavesRemains(id: string): void
  /** Neither reads nor lists show the machine, which lives on, until undone. */
  hides(id: string): Undo
  /** Somebody ended the machine in the cloud's console. */
  removeOutside(id: string): Done
  /** The next `times` requests to end a machine are answered as done and do nothing. */
  freezeDestroy(times: number): Undo
  /** The cloud says this of a machine that boots, in its own words, and boots it no further. May be called again. */
  sayOfBoot(id: string, words: string): Done
  /** An end that is set for a machine is answered as done, and does nothing, until undone. */
  forgetsEnds(): Undo
  /**
   * Puts a disk on the account where machines of this offer can have it, and answers its id; null where none can stand there.
   * Needs `disks` of the world.
   */
  addDisk(offer: Offer): string | null | Promise<string | null>
  /** The workload of a running machine ends by itself. */
  exitMachine(id: string): Done
  /** The workload prints a line. */
  writeLog(id: string, line: string): Done
}

/** The name of one control. */
export type ControlName = keyof CloudControls
