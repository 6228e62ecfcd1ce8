import type { Offer } from "@anygpu/core"
import type { Known } from "../cloud.ts"
import type { Judge, Limits } from "./judge.ts"
import type { Mortal } from "./mortal.ts"
import type { Job, Scenario } from "./scenario.ts"
import type { World } from "./world.ts"

/** What a user's program knows of a job beyond its own life, as in a small database of its own. */
export interface Note {
  /** Where it is done, cheapest first. */
  readonly offers: ReadonlyArray<Offer>
  /** The machine of its last answer. */
  machine: string | null
  /** The machine as a plain program notes it down. */
  place: Known | null
  /** When its work is done, in epoch milliseconds; null until it has a machine. */
  until: number | null
  /** Who works at it, as a lock of that database says; one who is dead holds it no more. */
  readonly workers: Set<Mortal>
  /** It has its machine's end behind it, or an answer that it gets none. */
  over: boolean
  /** The machines of its launches, for a program that tries several for one job and writes each down before it asks. */
  launched: ReadonlyArray<string>
  /** Every machine that answers gave it for the job. */
  readonly got: Set<string>
  /** Machines that errors named as left behind, and that it ended for that. */
  readonly named: Set<string>
  /** Why it got no machine. */
  refused: string | null
}

/** Everything that a program's process works with. */
export interface Life {
  readonly world: World
  readonly scenario: Scenario
  readonly mortal: Mortal
  readonly notes: ReadonlyMap<string, Note>
  /** Hears of what the program wants. */
  readonly judge: Judge
  /** What the user allows it to spend. */
  readonly limits: Limits
  /** Where it can keep a file over its death. */
  readonly file: string
  /** The ids of its public key, by cloud, on the accounts where a launch takes one. */
  readonly keyIds: Readonly<Record<string, string>>
  /** The job has this machine; what another process was refused meanwhile does not count. */
  got(job: Job, machine: string): void
  /** The job is over: what its machines cost from now on is paid for nothing. */
  over(job: Job, refused?: string): void
}

/** Somebody's way to rent machines. */
export interface Contender {
  readonly name: string
  /** It rents one machine after the other for a job on purpose, and ends each before the next. */
  readonly walks: boolean
  /** How it reads an offer, where that is wrong on purpose. */
  readonly reads?: (offer: Offer) => Offer
  /** A process of it: does what is left to do of the jobs. */
  live(life: Life): Promise<void>
  /** A last process, when the faults are over: cleans up what it knows to be left. Answers what is wrong by its own account. */
  settle(life: Life): Promise<ReadonlyArray<string>>
}
