import { z } from "zod"
import type { CloudName } from "../cloud-names.ts"
import { type Unused, unused } from "./unused.ts"

/** What one kind of answer of a cloud may hold, as far as the adapter and the cloud's documents know. */
export interface Vocabulary {
  readonly method: "GET" | "POST"
  /** Of the request, without the base URL. */
  readonly path: RegExp
  /** The fields that the adapter reads. */
  readonly schema: z.ZodType
  /** The names of fields that the cloud documents, or is known to send, and that the adapter has no use for. */
  readonly unused: ReadonlyArray<string>
  /** Words that the adapter gives a meaning, by the path of their field; compared without case. */
  readonly words: Readonly<Record<string, ReadonlyArray<string | boolean | null>>>
}

type Entry = Pick<Vocabulary, "path" | "schema"> &
  Partial<Pick<Vocabulary, "method" | "words">> & { readonly documented: keyof Unused }

const entry = ({ method = "GET", words = {}, documented, path, schema }: Entry): Vocabulary => ({
  ...{ method, path, schema, words },
  unused: unused[documented]
})

const id = "[^/]+"

const vast = async (): Promise<ReadonlyArray<Vocabulary>> => {
  const { rows, lifecycle } = await import("@anygpu/vast")
  const { actual, intended, cur, next } = lifecycle.domain
  const wordsAt = (at: string) => ({
    [`${at}.actual_status`]: actual,
    [`${at}.intended_status`]: intended,
    [`${at}.cur_state`]: cur,
    [`${at}.next_state`]: next
  })
  const offers = z.object({ offers: z.array(rows.offer) })
  const machines = z.object({ instances: z.array(rows.instance), next_token: z.unknown() })
  const machine = z.object({ instances: rows.instance })
  return [
    entry({ method: "POST", path: /\/api\/v0\/bundles\/$/, schema: offers, documented: "vastOffers" }),
    entry({
      ...{ path: /\/api\/v1\/instances\/$/, schema: machines },
      ...{ documented: "vastMachines", words: wordsAt("instances[]") }
    }),
    entry({
      path: new RegExp(`/api/v0/instances/${id}/$`),
      ...{ schema: machine, documented: "vastMachines", words: wordsAt("instances") }
    })
  ]
}

const huddle = async (): Promise<ReadonlyArray<Vocabulary>> => {
  const { rows, lifecycle } = await import("@anygpu/huddle")
  const { status } = lifecycle.domain
  const pageOf = (row: z.ZodType) => {
    const list = z.array(row)
    const meta = z.object({ total: z.unknown(), has_more: z.unknown(), next_cursor: z.unknown() })
    return z.object({ data: z.union([list, z.object({ data: list, meta })]), meta })
  }
  return [
    entry({ path: /\/gpus\/available$/, schema: pageOf(rows.offer), documented: "huddle" }),
    entry({
      ...{ path: /\/deployments$/, schema: pageOf(rows.deployment), documented: "huddle" },
      words: { "data[].status": status, "data.data[].status": status }
    }),
    entry({
      path: new RegExp(`/deployments/${id}$`),
      ...{ schema: z.object({ data: rows.deployment }), documented: "huddle", words: { "data.status": status } }
    }),
    entry({ path: /\/images$/, schema: pageOf(rows.image), documented: "huddle" })
  ]
}

const fluence = async (): Promise<ReadonlyArray<Vocabulary>> => {
  const { rows, containerLifecycle, machineLifecycle, cpuLifecycle } = await import("@anygpu/fluence")
  const { instance, container } = containerLifecycle.domain
  const { status } = machineLifecycle.domain
  const plans = z.object({ data: z.array(rows.machinePlan) })
  const containerWords = (at: string) => ({ [`${at}instance_status`]: instance, [`${at}container_status`]: container })
  return [
    entry({ path: /\/gpu\/plans\/$/, schema: z.array(rows.containerPlan), documented: "fluenceGpu" }),
    entry({ path: /\/gpu\/plans\/(vms|baremetal)$/, schema: plans, documented: "fluenceGpu" }),
    entry({
      ...{ path: /\/gpu\/instances\/$/, schema: z.array(rows.container), words: containerWords("[].") },
      documented: "fluenceGpu"
    }),
    entry({
      ...{ path: /\/gpu\/instances\/(vms|baremetal)$/, schema: z.array(rows.machine), words: { "[].status": status } },
      documented: "fluenceGpu"
    }),
    entry({
      path: new RegExp(`/gpu/instances/(vms|baremetal)/${id}$`),
      ...{ schema: rows.machine, documented: "fluenceGpu", words: { status } }
    }),
    entry({
      path: new RegExp(`/gpu/instances/(?!vms$|baremetal$)${id}$`),
      ...{ schema: rows.container, documented: "fluenceGpu", words: containerWords("") }
    }),
    entry({
      ...{ path: /\/vms\/v2$/, schema: z.array(rows.cpuVm), documented: "fluenceCpu" },
      words: { "[].status": cpuLifecycle.domain.status }
    }),
    entry({
      ...{ method: "POST", path: /\/marketplace\/offers$/, schema: z.array(rows.cpuOffer) },
      documented: "fluenceCpu"
    })
  ]
}

/** What each cloud's answers may hold; its adapter is loaded when it is asked for. */
export const vocabularies: Readonly<Record<CloudName, () => Promise<ReadonlyArray<Vocabulary>>>> = {
  fluence,
  huddle,
  vast
}
