import {
  type AnyProvider,
  type BillingState,
  canonicalGpu,
  type Gpu,
  type GpuError,
  type Instance,
  isGpuError,
  type Money,
  optionalOps,
  statuses
} from "@anygpu/core"
import { check, show } from "./check.ts"
import { leakOf } from "./secrets.ts"

/** Every {@link BillingState}. */
export const billingStates: ReadonlyArray<BillingState> = ["compute", "storage", "none", "unknown"]

const knownActions: ReadonlySet<string> = new Set(["terminate", ...optionalOps])

/** Holds every error of every test to the contract. */
export const checkError = (error: GpuError, provider: AnyProvider, secrets: ReadonlyArray<string>): void => {
  check(isGpuError(error), `an error of another kind: ${show(error)}`)
  const where = `${error._tag} "${error.message}"`
  check(error.provider === provider.provider, `${where} does not say its provider`)
  check(error.kind === provider.kind, `${where} does not say its kind`)
  check(error.operation, `${where} does not say its operation`)
  check(error.message.trim().length >= 12, `${where} says nothing of use`)
  const echoes = error._tag === "InvalidRequest"
  const garbled = error.message.includes("[object Object]") || (!echoes && /\b(undefined|NaN)\b/.test(error.message))
  check(!garbled, `${where} holds a value that was not written`)
  check(["permanent", "temporary", "exhausted"].includes(error.retry), `${where} does not say whether to try again`)
  check(leakOf(error, secrets) === null, `${error._tag} of ${error.operation} shows a secret`)
}

/** Whether an amount is what money may be. */
export const checkMoney = (amount: Money, what: string): void => {
  check(Number.isSafeInteger(amount.micros) && amount.micros >= 0, `${what} is no amount: ${show(amount)}`)
  check(["USD", "USDC"].includes(amount.currency), `${what} has no known currency: ${show(amount)}`)
}

/** A size in MiB or null; one below `least` or above 1 PiB was given in another unit. */
export const checkMiB = (size: number | null, least: number, what: string): void =>
  check(
    size === null || (Number.isInteger(size) && size >= least && size <= 2 ** 30),
    `${what} must be null or whole MiB of at least ${least}, not ${size}`
  )

/** Whether a GPU is what the alias table would make of its name. */
export const checkGpu = (gpu: Gpu, what: string): void => {
  const canonical = canonicalGpu(gpu.model, { vramMiB: gpu.vramMiB })
  check(gpu.model.trim().length > 0, `${what}: the GPU has no name`)
  check(gpu.known === canonical.known, `${what}: "${gpu.model}" is ${canonical.known ? "" : "not "}in the GPU table`)
  check(
    !gpu.known || gpu.model === canonical.model,
    `${what}: "${gpu.model}" is called "${canonical.model}" in the GPU table`
  )
  check(
    Number.isInteger(gpu.count) && gpu.count >= 1,
    `${what}: ${gpu.count} GPUs; a machine without one has gpu: null`
  )
  checkMiB(gpu.vramMiB, 512, `${what}: vramMiB`)
}

/** Holds every instance of every test to the contract. */
export const checkInstance = (instance: Instance, provider: AnyProvider, secrets: ReadonlyArray<string>): void => {
  const { ref, status, billing, actions, pricePerHour: price, gpu } = instance
  const what = `${ref} (${status})`
  check(ref.provider === provider.provider && ref.kind === provider.kind, `${what}: its ref is of another provider`)
  check(typeof ref.id === "string" && ref.id.length > 0, `${what}: its ref has no id`)
  check(statuses.includes(status), `${what}: "${status}" is no status`)
  check(billingStates.includes(billing), `${what}: "${billing}" is no billing state`)
  for (const action of actions) {
    check(knownActions.has(action), `${what}: "${action}" is no action`)
    const has = action === "terminate" || provider.capabilities.has(action)
    check(has, `${what}: offers ${action}, which the provider does not have`)
  }
  if (status === "terminated") {
    check(billing === "none", `${what}: a terminated machine costs nothing, not ${billing}`)
    check(actions.length === 0, `${what}: a terminated machine has no actions, not ${actions.join(", ")}`)
  }
  if (status === "running") check(billing === "compute", `${what}: a running machine costs compute, not ${billing}`)
  if (price !== null) checkMoney(price, `${what}: price`)
  if (gpu !== null) checkGpu(gpu, what)
  check(Number.isFinite(instance.observedAt.epochMilliseconds), `${what}: does not say when it was observed`)
  check(leakOf(instance, secrets) === null, `${what}: shows a secret`)
}
