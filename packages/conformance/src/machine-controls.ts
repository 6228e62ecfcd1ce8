import type { CloudControls } from "./controls.ts"
import type { FaultEffect, FaultProxy, MachineRequests, Send } from "./fault-proxy.ts"
import { answers } from "./fault-proxy.ts"
import type { SentRequest } from "./harness.ts"

/** The controls that are about single machines. */
export type MachineControls = Pick<
  CloudControls,
  | "readsDeny"
  | "endsDeny"
  | "changesDeny"
  | "readsForeign"
  | "endsForeign"
  | "readsMixedUp"
  | "createNamesOther"
  | "createEchoed"
  | "endsRefused"
  | "endsLimited"
  | "leavesRemains"
  | "hides"
>

/** Names of counts that a list gives beside its rows. */
const counts = /^(?:total|count|total_instances|instances_found)$/

/** Takes a machine's rows out of an answer, however deep; answers how many there were. */
export const removeRows = (value: unknown, id: string): number => {
  if (typeof value !== "object" || value === null) return 0
  if (Array.isArray(value)) {
    const kept = value.filter((row) => String(Object(row).id) !== id)
    const removed = value.length - kept.length
    value.splice(0, value.length, ...kept)
    return removed
  }
  const fields = value as Record<string, unknown>
  const removed = Object.values(fields).reduce<number>((sum, field) => sum + removeRows(field, id), 0)
  const meta = Object.values(fields).filter((field) => typeof field === "object" && field !== null)
  if (removed > 0) {
    for (const holder of [fields, ...(meta as Array<Record<string, unknown>>)]) {
      for (const [name, count] of Object.entries(holder)) {
        if (counts.test(name) && typeof count === "number") holder[name] = Math.max(0, count - removed)
      }
    }
  }
  return removed
}

/** A refusal that repeats all that was sent, under every name of such words. */
const echo =
  (words: string): FaultEffect =>
  async (pass, init, url) => {
    const said = `invalid: ${init.body}${words}`
    return answers(400, { success: false, error: "invalid_args", msg: said, message: said, code: "BAD_REQUEST" })(
      pass,
      init,
      url
    )
  }

const tenDays = { "content-type": "application/json", "retry-after": String(10 * 86_400) }

const foreign = ({ status, text, headers }: Parameters<CloudControls["readsForeign"]>[0]): FaultEffect => {
  return async () => new Response(text === "" ? null : text, { status, headers })
}

/**
 * Makes the controls about single machines, as far as a cloud has what they need.
 *
 * - Those about reads of one machine are left out where machines are only read in lists.
 */
export const machineControls = (
  { isRead, isEnd, absent, strange, living, refused }: MachineRequests,
  { fetch, meet, create, tamper }: Pick<FaultProxy, "meet" | "create" | "tamper"> & { readonly fetch: Send },
  fails: FaultEffect
): Partial<MachineControls> => {
  const names = ({ path }: SentRequest, id: string) => path.includes(id)
  const ends = (request: SentRequest) => isEnd(request)
  const always = {
    endsForeign: (answer, times) => meet(ends, foreign(answer), times),
    createNamesOther: (id) =>
      create(async (pass) => {
        const before = new Set(living())
        const response = await pass()
        const made = living().find((one) => !before.has(one))
        const text = await response.text()
        const { status, headers } = response
        return new Response(made === undefined ? text : text.replaceAll(made, id), { status, headers })
      })(),
    createEchoed: (words) => create(echo(words))(),
    endsLimited: (times) =>
      meet(ends, async () => new Response('{"error":"slow down"}', { status: 429, headers: tenDays }), times),
    endsRefused: (status, times) => meet(ends, status === 400 ? answers(400, refused) : fails, times),
    hides: (id) => {
      const undo = tamper((body) => void removeRows(body, id))
      const stop = isRead && absent ? meet((request) => isRead(request) && names(request, id), absent.read) : () => {}
      return () => {
        undo()
        stop()
      }
    }
  } satisfies Partial<MachineControls>
  if (!isRead || !absent) return always
  return {
    ...always,
    endsDeny: (times) => meet(ends, absent.end, times),
    changesDeny: (times) => meet((request) => request.mutating && !isEnd(request), absent.end, times),
    readsDeny: (times) => meet(isRead, absent.read, times),
    readsForeign: (answer, times) => meet(isRead, foreign(answer), times),
    readsMixedUp: (id, other) =>
      meet(
        (request) => isRead(request) && names(request, id),
        (_, init, url = "") => fetch(url.replaceAll(id, other), init)
      ),
    leavesRemains: (id) => {
      let last = ""
      meet(
        (request) => isRead(request) && names(request, id),
        async (pass) => {
          if (living().includes(id)) {
            const response = await pass()
            last = await response.clone().text()
            return response
          }
          const body: unknown = JSON.parse(last)
          strange(body)
          return answers(200, body)(pass, {})
        }
      )
    }
  }
}
