import { cancelOrder, orders } from "@anygpu/operations"
import { exitCodeOfTag, exitCodes } from "@anygpu/operations/failure"
import type { OrderRecord } from "anygpu"
import { answering } from "../command/answering.ts"
import { timeText } from "../format.ts"
import { plain } from "../plain.ts"
import { tableText } from "../table.ts"

const stateText = ({ state, asked }: OrderRecord): string => (asked === "cancel" ? `${state}, cancelling` : state)

const columns = [
  { head: "ORDER", spare: 0, cell: ({ id }: OrderRecord) => plain(id) },
  { head: "NAME", spare: 1, cell: ({ name }: OrderRecord) => plain(name) },
  { head: "STATE", spare: 0, cell: stateText },
  { head: "MACHINE", spare: 0, cell: ({ ref }: OrderRecord) => plain(ref ?? "-") },
  { head: "LOOKS", spare: 4, cell: ({ looks }: OrderRecord) => String(looks) },
  { head: "UNTIL", spare: 3, cell: ({ until }: OrderRecord) => (until === null ? "-" : timeText(until)) },
  { head: "BY", spare: 5, cell: ({ by }: OrderRecord) => plain(by) },
  { head: "WHY", spare: 2, cell: ({ error }: OrderRecord) => plain(error?.message ?? "") }
]

/** The exit code of an order that was waited for: that of its error. */
const codeOf = ({ state, error }: OrderRecord): number => {
  if (state === "placed") return exitCodes.done.code
  const code = error === null ? null : exitCodeOfTag(error.tag)
  return code ?? (state === "failed" ? exitCodes.broken.code : exitCodes.declined.code)
}

/** `anygpu orders`: what keepers are to launch. */
export const run = answering(orders, ({ out }, all, { wait = false }) => {
  const [only] = all
  return {
    text: () => (all.length === 0 ? "No orders." : tableText(out, columns, all)),
    ...(wait && only && { code: codeOf(only) })
  }
})

/** `anygpu cancel-order`: nothing is launched for an order any more. */
export const cancel = answering(cancelOrder, (_, order) => ({
  text: () =>
    `order ${plain(order.id)}: ${stateText(order)}${order.ref === null ? "" : `, ${plain(order.ref)} is there`}`
}))
