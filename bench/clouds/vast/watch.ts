import { createVastSimulator } from "@anygpu/simulators"
import { vast } from "@anygpu/vast"
import type { WatchPart } from "../../cloud-parts.ts"

const pageSize = 25

/** A machine that runs, as Vast lists it. */
const templateRow = async (): Promise<object> => {
  const simulator = createVastSimulator({ seed: 11, rateLimits: false })
  simulator.addMachine()
  const headers = { authorization: `Bearer ${simulator.apiKey}` }
  const answer = await simulator.fetch(`${simulator.origin}/api/v1/instances/?limit=${pageSize}`, { headers })
  const { instances } = (await answer.json()) as { readonly instances: ReadonlyArray<object> }
  if (instances[0] === undefined) throw new Error("the simulator lists no machine")
  return instances[0]
}

const template = await templateRow()

const pagesOf = (machines: number): ReadonlyArray<string> =>
  Array.from({ length: Math.ceil(machines / pageSize) }, (_, page) => {
    const from = page * pageSize
    const size = Math.min(pageSize, machines - from)
    const instances = Array.from({ length: size }, (_, index) => ({ ...template, id: from + index + 1 }))
    return JSON.stringify({ success: true, instances, next_token: from + size < machines ? String(page + 1) : null })
  })

/** Vast.ai's two kinds, which are watched over one account; its lists have 25 machines a page. */
export const watch: WatchPart = {
  pageSize,
  pages: pagesOf,
  pageOf: (url) => Number(new URL(url).searchParams.get("after_token") ?? 0),
  open: (transport) => vast({ apiKey: "a-key-of-the-benchmark", transport })
}
