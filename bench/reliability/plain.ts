import type { Offer } from "@anygpu/core"
import type { Answer, Known, Plain } from "../cloud.ts"
import { benchCloud, ofCloud } from "../cloud-list.ts"
import type { Contender, Life, Note } from "./contender.ts"
import type { Job } from "./scenario.ts"

const minute = 60_000

/** One request of a plain program: it waits a minute for an answer, and takes what says 4xx for an error. */
const send = async ({ world, mortal }: Life, cloud: string, { method, path, body }: Plain): Promise<Answer> => {
  const { origin, apiKey } = ofCloud(world.clouds, cloud)
  const timeout = new AbortController()
  const over = new AbortController()
  mortal.clock.sleep(minute, over.signal).then(
    () => timeout.abort(new Error("timeout")),
    () => {}
  )
  try {
    const response = await mortal.send(cloud)(origin + path, {
      method,
      headers: { "content-type": "application/json", ...benchCloud(cloud).speech.header(apiKey) },
      signal: timeout.signal,
      ...(body !== undefined && { body: JSON.stringify(body) })
    })
    const text = await response.text()
    return { status: response.status, body: text === "" ? null : JSON.parse(text) }
  } finally {
    over.abort(new Error("over"))
  }
}

/** An answer that says no. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number, body: unknown) {
    super(`HTTP ${status} ${JSON.stringify(body)}`)
    this.status = status
  }
}

const good = (answer: Answer): Answer => {
  if (answer.status < 400) return answer
  throw new Refused(answer.status, answer.body)
}

/** What a plain program does with machines, one request each. */
export const plainCalls = (life: Life) => ({
  create: async (offer: Offer, name: string): Promise<Known> => {
    const cloud = offer.provider
    const { create, idIn } = benchCloud(cloud).speech
    const id = idIn(good(await send(life, cloud, create(offer, name, life.keyIds[cloud] ?? ""))))
    if (id === undefined || id === null) throw new Error("the answer names no machine")
    return { cloud, kind: offer.kind, id: String(id) }
  },
  isUp: async (machine: Known): Promise<boolean> => {
    const { show, isUp } = benchCloud(machine.cloud).speech
    return isUp(good(await send(life, machine.cloud, show(machine))), machine)
  },
  /** What is not there has ended. */
  end: async (machine: Known): Promise<void> => {
    const answer = await send(life, machine.cloud, benchCloud(machine.cloud).speech.end(machine))
    if (answer.status !== 404) good(answer)
  }
})

/** How a program that knows no better rents, looks and ends. */
export interface Hands {
  create(offers: ReadonlyArray<Offer>, name: string): Promise<Known>
  isUp(machine: Known): Promise<boolean>
  end(machine: Known): Promise<void>
}

/** A program that notes its machine down once it has it, waits until it runs, works, and ends it. */
export const plainContender = (name: string, handsOf: (life: Life) => Hands): Contender => {
  const doJob = async (life: Life, hands: Hands, job: Job, note: Note) => {
    const { world, mortal, judge, over } = life
    // The cheapest offer of each place where it may run.
    const offers = job.stalls.flatMap(
      ({ cloud, kind }) => note.offers.find((offer) => offer.provider === cloud && offer.kind === kind) ?? []
    )
    try {
      const machine = note.place ?? (await hands.create(offers, job.name))
      note.place = machine
      life.got(job, machine.id)
      note.until ??= world.clock.now() + job.minutes * minute
      await mortal.step("notes the machine")
      for (let look = 0; look < 180; look++) {
        const isUp = await hands.isUp(machine).catch(() => false)
        if (isUp) world.claim({ ...machine, at: world.wall(), summary: false })
        if (isUp) break
        await mortal.clock.sleep(10_000)
      }
      await mortal.clock.sleep(Math.max(0, note.until - world.clock.now()))
      judge.asks(machine.id)
      await hands.end(machine)
      world.believedGone(machine.cloud, machine.id, "its end was answered as done")
      over(job)
    } catch (error) {
      world.note(`${job.name} ends with ${error}`)
      over(job, note.machine === null ? String(error) : undefined)
    }
    await mortal.step(`notes that ${job.name} is over`)
  }
  return {
    name,
    walks: false,
    live: async (life) => {
      const hands = handsOf(life)
      await Promise.all(
        life.scenario.jobs.map(async (job) => {
          const note = life.notes.get(job.name)
          if (note && !note.over) await doJob(life, hands, job, note)
        })
      )
    },
    settle: async () => []
  }
}
