import { type Operation, type OperationContext, operations, unattended } from "@anygpu/operations"
import { perform } from "@anygpu/operations/json"
import { findMachine } from "@anygpu/operations/run"
import { InvalidRequest, PermissionDenied, type SpendLimit, sameRef } from "anygpu"
import { budgetOf } from "anygpu/effect"
import { runPromise } from "effect/Effect"

/** What may be done through a server. */
export interface Allowance {
  readonly changes: boolean
  /** What the client of the context rents within; null: nothing is rented. */
  readonly spending: SpendLimit | null
  /** Whose a launch is that does not say it. */
  readonly owner: string | null
}

/** The operations that can be called from elsewhere, by their names. */
export const remoteOperations: ReadonlyMap<string, Operation> = new Map(
  operations.filter(({ isLocal }) => !isLocal).map((operation) => [operation.name, operation])
)

/** Whether a server runs an operation. */
export const isAllowed = ({ effect }: Operation, { changes, spending }: Allowance): boolean =>
  effect === "read" || (changes && (effect !== "spend" || spending !== null))

/** Refuses what a server may not do, before anything of it is looked into. */
const mustAllow = (operation: Operation, allowance: Allowance): void => {
  if (isAllowed(operation, allowance)) return
  const message = allowance.changes
    ? `${operation.name} spends, and this server has no budget: start it with --allow-spend`
    : `${operation.name} changes something, and this server only reads: start it with --allow-changes`
  throw new PermissionDenied({ message, retry: "permanent" })
}

/** Starts only what a budget holds money for: of other machines nothing was set aside. The client itself extends no others. */
const mustHold = async (context: OperationContext, name: unknown, spending: SpendLimit): Promise<void> => {
  const ref = await findMachine(context, String(name))
  const { name: budget } = budgetOf(spending)
  const held = await runPromise((await context.ledger()).commitments(budget))
  if (held.some((one) => one.ref !== null && sameRef(one.ref, ref))) return
  const message = `${ref} was not launched in the budget "${budget}", so that its costs are not held to it: start it with the command`
  throw new PermissionDenied({ message, retry: "permanent", ref })
}

const isObject = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === "object" && json !== null && !Array.isArray(json)

/**
 * What is renting has a key: a browser sends a request again whose connection broke, and a key rents once.
 */
const withCare = ({ effect, input }: Operation, json: unknown, { owner }: Allowance): unknown => {
  if (effect !== "spend" || !isObject(json)) return json
  if ("key" in input && json.key === undefined) {
    throw InvalidRequest.of("key", "is missing: name this launch, so that it rents once however often it is sent")
  }
  return { ...("owner" in input && owner !== null && { owner }), ...json }
}

/** Runs an operation for a caller from elsewhere: its input and its answer in JSON. */
export const call = async (
  operation: Operation,
  { context, allowance }: { readonly context: OperationContext; readonly allowance: Allowance },
  json: unknown
): Promise<object> => {
  mustAllow(operation, allowance)
  const { spending } = allowance
  const own = { ...context, ...unattended, wholeNames: true }
  if (operation.name === "start" && spending && isObject(json)) await mustHold(own, json.ref, spending)
  return await perform(operation, own, withCare(operation, json, allowance))
}
