import { commandText, type InputOf } from "@anygpu/operations"
import { order as operation, orderRequestOf } from "@anygpu/operations/run"
import { formatMoney, InvalidRequest, type OrderRecord, type OrderRequest } from "anygpu"
import * as Effect from "effect/Effect"
import type { launchFields } from "../command/fields.ts"
import type { Context } from "../context.ts"
import { timeText } from "../format.ts"
import { orderOf } from "../order.ts"
import { Usage } from "../own-errors.ts"
import { plain } from "../plain.ts"
import { registryOf } from "../workload.ts"

type Input = InputOf<typeof launchFields>

/** What only a launch that is made at once can do. */
const notQueued = ["race", "registryPasswordStdin", "attach", "verify"] as const

/** What says the login to a registry. */
type LoginInput = Pick<Input, "registryUser" | "registryHost" | "registrySecret" | "image">

/** The login to a registry, whose password the keeper has. */
export const loginOf = ({ registryUser: username, registryHost, registrySecret, image = "" }: LoginInput) => {
  if (registrySecret === undefined && username === undefined) return undefined
  if (registrySecret === undefined || username === undefined) {
    throw InvalidRequest.of("--registry-user", "and --registry-secret belong together: one of them is missing")
  }
  return { host: registryHost ?? registryOf(image), username, password: { secret: registrySecret } }
}

const requestOf = async (context: Context, input: Input): Promise<OrderRequest> => {
  const given = notQueued.find((name) => input[name] !== undefined && input[name] !== false)
  if (given !== undefined) throw new Usage(`--queue leaves the launch to a keeper, which takes no ${given}`)
  const { settings } = context
  if (settings.accounts !== null) throw new Usage("--queue names clouds, with --cloud, and no accounts")
  const { registryUser: _, registryHost: __, ...own } = input
  const { order } = await orderOf(context, { ...own, loginCheck: false })
  const clouds = settings.clouds ?? undefined
  return orderRequestOf(order, { ...input, clouds: clouds && [...clouds] }, loginOf(input))
}

const limitText = ({ limits: { maxPerHour, maxTotal } }: OrderRequest): string =>
  [
    ...(maxPerHour ? [`${formatMoney(maxPerHour)} per hour`] : []),
    ...(maxTotal ? [`${formatMoney(maxTotal)} in all`] : [])
  ].join(" and ")

export const orderText = ({ id, until, state }: OrderRecord): string =>
  `order ${id}: ${state}${until === null ? "" : `, until ${timeText(until)}`}`

/** Says where to see what becomes of an order, and whether a keeper is awake. */
export const noteKeepers = async ({ out, ledger }: Context, see: ReadonlyArray<string>): Promise<void> => {
  const keepers = await Effect.runPromise((await ledger()).keepers())
  if (keepers.length === 0) out.note(`no keeper is awake now: start one with ${commandText("anygpu", "keeper")}`)
  out.note(`see what becomes of it: ${commandText("anygpu", "orders", ...see)}`)
}

/** Orders a launch from a keeper: `anygpu launch --queue`. */
export const queue = async (context: Context, input: Input): Promise<number> => {
  const { out, gpu, signal } = context
  const request = await requestOf(context, input)
  const client = await gpu()
  const limit = limitText(request)
  await context.mustConfirm(
    `Let a keeper launch ${plain(request.name)}${limit === "" ? "" : `, for ${limit} at most`}?`,
    input.yes ?? false
  )
  const order = await client.orderLaunch(request, { signal })
  out.answer({ json: () => operation.launch.encode(order, signal.aborted), text: () => orderText(order) })
  await noteKeepers(context, [order.id, "--wait"])
  return 0
}
