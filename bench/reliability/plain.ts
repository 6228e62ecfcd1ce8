import type { Offer } from "@anygpu/core"
import type { Contender, Life, Note } from "./contender.ts"
import { type CloudName, optionsFor, publicKey } from "./market.ts"
import type { Job } from "./scenario.ts"

const minute = 60_000

/** What a plain program knows of a machine. */
export interface Known {
  readonly cloud: CloudName
  readonly kind: Offer["kind"]
  readonly id: string
}

/** An answer as a plain program reads it. */
interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: such programs do not check what they read
  readonly body: any
}

interface Plain {
  readonly method: string
  readonly path: string
  readonly body?: unknown
}

/** How a plain program speaks to a cloud, by its documents. */
interface Speech {
  readonly header: (key: string) => Readonly<Record<string, string>>
  readonly create: (offer: Offer, name: string, sshKeyId: string) => Plain
  readonly idIn: (answer: Answer) => unknown
  readonly show: (machine: Known) => Plain
  readonly isUp: (answer: Answer, machine: Known) => boolean
  readonly end: (machine: Known) => Plain
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const segments: Readonly<Record<string, string>> = { container: "", vm: "vms", baremetal: "baremetal" }

const speeches: Readonly<Record<CloudName, Speech>> = {
  vast: {
    header: bearer,
    create: (offer, label) => {
      const { image, os } = optionsFor(offer)
      const vm = offer.kind === "vm" && { vm: true }
      const body = { image: image ?? os, label, disk: 33, runtype: "ssh_direct", ...vm }
      return { method: "PUT", path: `/api/v0/asks/${offer.id}/`, body }
    },
    idIn: ({ body }) => body.new_contract,
    show: ({ id }) => ({ method: "GET", path: `/api/v0/instances/${id}/` }),
    isUp: ({ body }) => body?.instances?.actual_status === "running",
    end: ({ id }) => ({ method: "DELETE", path: `/api/v0/instances/${id}/`, body: {} })
  },
  huddle: {
    header: (key) => ({ "x-api-key": key, ...bearer(key) }),
    create: (offer, hostname, sshKeyId) => {
      const [cluster_type, location] = offer.id.split("@")
      const body = { cluster_type, location, hostname, image: optionsFor(offer).os, ssh_key_ids: [sshKeyId] }
      return { method: "POST", path: "/api/v1/deployments/clusters", body }
    },
    idIn: ({ body }) => body.data?.id ?? body.id,
    show: ({ id }) => ({ method: "GET", path: `/api/v1/deployments/${id}` }),
    isUp: ({ body }) => (body?.data ?? body)?.status === "running",
    end: ({ id }) => ({ method: "DELETE", path: `/api/v1/deployments/${id}` })
  },
  fluence: {
    header: (key) => ({ "x-api-key": key, ...bearer(key) }),
    create: (offer, name) => {
      const { image, os } = optionsFor(offer)
      const [plan_id, place] = offer.id.split("@")
      if (offer.kind === "cpu-vm") {
        const constraints = { basicConfiguration: plan_id, datacenter: place && { countries: [place] } }
        const vmConfiguration = { name, osImage: os, sshKeys: [publicKey], openPorts: [] }
        return { method: "POST", path: "/vms/v3", body: { constraints, instances: 1, vmConfiguration } }
      }
      const path = `/gpu/instances/${segments[offer.kind]}`
      if (offer.kind !== "container") {
        return { method: "POST", path, body: { plan_id, name, os_image: os, ssh_key: publicKey } }
      }
      const container_settings = { image, expose: [{ port: "22", protocol: "tcp" }], environment: [] }
      const constraints = place && { location: place }
      return { method: "POST", path, body: { plan_id, name, container_settings, constraints, ssh_key: publicKey } }
    },
    idIn: ({ body }) => body.instance_id ?? body[0]?.vmId,
    show: ({ id, kind }) =>
      kind === "cpu-vm"
        ? { method: "GET", path: `/vms/v3/status?ids=${id}` }
        : { method: "GET", path: `/gpu/instances/${kind === "container" ? "" : `${segments[kind]}/`}${id}` },
    isUp: ({ body }, { kind }) =>
      kind === "cpu-vm"
        ? body?.[0]?.status === "Active"
        : body?.instance_status === "ACTIVE" && (body.container_status ?? "STARTED") === "STARTED",
    end: ({ id, kind }) =>
      kind === "cpu-vm"
        ? { method: "DELETE", path: "/vms/v3", body: { vmIds: [id] } }
        : { method: "DELETE", path: `/gpu/instances/${kind === "container" ? "" : `${segments[kind]}/`}${id}` }
  }
}

/** One request of a plain program: it waits a minute for an answer, and takes what says 4xx for an error. */
const send = async ({ world, mortal }: Life, cloud: CloudName, { method, path, body }: Plain): Promise<Answer> => {
  const { origin, apiKey } = world.clouds[cloud]
  const timeout = new AbortController()
  const over = new AbortController()
  mortal.clock.sleep(minute, over.signal).then(
    () => timeout.abort(new Error("timeout")),
    () => {}
  )
  try {
    const response = await mortal.send(cloud)(origin + path, {
      method,
      headers: { "content-type": "application/json", ...speeches[cloud].header(apiKey) },
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
    const cloud = offer.provider as CloudName
    const { create, idIn } = speeches[cloud]
    const id = idIn(good(await send(life, cloud, create(offer, name, life.sshKeyId))))
    if (id === undefined || id === null) throw new Error("the answer names no machine")
    return { cloud, kind: offer.kind, id: String(id) }
  },
  isUp: async (machine: Known): Promise<boolean> => {
    const { show, isUp } = speeches[machine.cloud]
    return isUp(good(await send(life, machine.cloud, show(machine))), machine)
  },
  /** What is not there has ended. */
  end: async (machine: Known): Promise<void> => {
    const answer = await send(life, machine.cloud, speeches[machine.cloud].end(machine))
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
