import { estimate, type Offer } from "@anygpu/core"
import type { MeterLine } from "@anygpu/simulators"
import * as Duration from "effect/Duration"
import type { Note } from "./contender.ts"
import { diskOf } from "./market.ts"
import type { Scenario } from "./scenario.ts"
import { jobOfMachine, type Machine } from "./world.ts"

/** What a machine has come to in micro-units, without what comes back. */
export const costOf = ({ lines }: Pick<Machine, "lines">): number =>
  lines.reduce((sum, { item, micros }) => (item === "reserve" ? sum : sum + micros), 0)

/** What a run knows in the end. */
export interface Books {
  readonly scenario: Scenario
  readonly notes: ReadonlyMap<string, Note>
  readonly machines: ReadonlyArray<Machine>
}

/** The offer that a machine was made of. */
export const offerOf = (note: Note | undefined, machine: Machine): Offer | undefined =>
  note?.offers.find(
    ({ id, provider, kind }) =>
      provider === machine.cloud && kind === machine.kind && (id === machine.of || machine.of.startsWith(`${id}-`))
  )

/**
 * The estimated line for the time that the meter counted.
 *
 * - A step of the clock that begins in the very moment of the end is charged: the simulated clouds let it begin first.
 */
const estimated = (offer: Offer, { madeAt }: Machine, { item, ms }: MeterLine): number | undefined => {
  const storageMiB = diskOf(offer)
  return estimate(offer, {
    duration: Duration.millis(Math.max(1, offer.terms?.compute.stepsFrom === "clock" ? ms + 1 : ms)),
    startAt: new Date(madeAt),
    ...(storageMiB !== null && { storageMiB })
  })?.lines.find((line) => line.item === item)?.amount.micros
}

/** Holds the estimate of every machine that ran as it was asked for against its meter, to the micro-unit. */
export const checkEstimates = ({ notes, machines }: Books): { readonly checked: number; readonly wrong: string[] } => {
  const wrong: string[] = []
  let checked = 0
  for (const machine of machines) {
    const offer = offerOf(notes.get(jobOfMachine(machine)), machine)
    if (costOf(machine) === 0) continue
    if (!offer) {
      wrong.push(`${machine.cloud} ${machine.kind} ${machine.id}: ${machine.of} is no offer of its job`)
      continue
    }
    checked += 1
    for (const line of machine.lines) {
      if (line.item === "reserve" || (line.ms === 0 && line.micros === 0)) continue
      const expected = estimated(offer, machine, line)
      if (expected !== line.micros) {
        const what = `${machine.cloud} ${machine.kind} ${machine.id}: ${line.item} for ${line.ms} ms`
        wrong.push(`${what} is estimated at ${expected} micros and metered at ${line.micros}`)
      }
    }
  }
  return { checked, wrong }
}

/** Whether an error named a machine to its user: it says what became of it. */
export const isNamed = (note: Note | undefined, id: string): boolean =>
  note !== undefined && (note.named.has(id) || (note.refused?.includes(id) ?? false))

/** Money that was paid for nothing. */
export interface Leak {
  readonly machine: string
  readonly micros: number
  readonly text: string
}

/**
 * What leaked: all that a machine cost which no answer and no error named, and what a job's own machines cost after it was over.
 *
 * - A job's own are the one of its program's last answer; for a launch on the best of several also those that were
 *   there one at a time before, and for a race both.
 * - Counted until a fixed horizon after the run, as long as nobody ends it.
 */
export const leaksOf = ({
  scenario,
  notes,
  machines,
  costs,
  walks
}: Books & {
  readonly costs: ReadonlyMap<string, ReadonlyMap<string, number>>
  readonly walks: boolean
}): ReadonlyArray<Leak> =>
  machines.flatMap((machine) => {
    const name = jobOfMachine(machine)
    const job = scenario.jobs.find((one) => one.name === name)
    const note = notes.get(name)
    const isOwn =
      isNamed(note, machine.id) ||
      note?.machine === machine.id ||
      (walks && (job?.form === "anywhere" || job?.form === "race"))
    const meant = isOwn ? (costs.get(name)?.get(machine.id) ?? 0) : 0
    const micros = costOf(machine) - meant
    if (micros <= 0) return []
    const what = isOwn ? "after its job was over" : "that nobody knew of"
    const text = `${name}: ${machine.cloud} ${machine.id} cost ${micros} micros ${what}`
    return [{ machine: machine.id, micros, text }]
  })
