import type { Reply } from "../../kit/http.ts"
import { addressOf, uuidOf } from "../../kit/ids.ts"
import { denied } from "../form.ts"
import type { ContainerInstance, GpuModel, Instance, OsInstance, Supply } from "../machine.ts"
import { money } from "../money.ts"
import type { World } from "../world.ts"
import { chargeDeployment } from "./billing.ts"
import { defaultImages } from "./images.ts"
import { provision } from "./lifecycle.ts"
import type { ContainerOrder, OsOrder } from "./order.ts"
import { type Option, upfrontHours } from "./plans.ts"
import { podName } from "./pod.ts"

/** Whether an option can be rented: nobody else took it, and no instance has it. */
export const isFree = ({ state }: World, { id }: Option): boolean =>
  !state.taken.includes(id) && !state.instances.some(({ planId, over }) => planId === id && !over)

const planGone = denied("Selected plan is no longer available")

/** Wording as documented. Source: Fluence docs, Deploy an instance, error responses. */
const tooPoor = denied("Insufficient balance to deploy instance")

const canPay = ({ state }: World, hour: number) => state.credit >= money.toUnits(hour) * BigInt(upfrontHours)

const base = (
  { state, random }: World,
  plan: { readonly id: string; readonly supply: Supply; readonly gpu: GpuModel; readonly hour: number },
  name: string,
  location: string
) => ({
  ...{ id: uuidOf(random, "a"), planId: plan.id, supply: plan.supply, gpu: plan.gpu, location, name },
  ...{ createdAt: state.at, updatedAt: state.at, status: "INITIALIZED" },
  ...{ hourly: money.toUnits(plan.hour), reserveHours: upfrontHours - 1, reserved: 0n, spent: 0n },
  ...{ connected: false, domainHeld: false, ending: false, rentedUntil: null, over: false, removed: false }
})

const begin = (world: World, instance: Instance): Instance => {
  world.state.instances.push(instance)
  chargeDeployment(world, instance)
  provision(world, instance)
  return instance
}

const isReply = (made: Instance | Reply): made is Reply => !("kind" in made)

/** The answer to a deployment. Its status is undocumented, taken as 200. Source: Fluence docs, Deploy an instance. */
export const deployed = (made: Instance | Reply): Reply =>
  isReply(made) ? made : { status: 200, json: { instance_id: made.id } }

/**
 * Deploys a container, or says why not.
 *
 * - Without a location the system picks; here the first. Source: Fluence docs, Deploy an instance, constraints.
 */
export const deployContainer = (world: World, order: ContainerOrder): Instance | Reply => {
  const { random, state } = world
  const plan = world.plans.get(order.planId)
  if (plan === undefined || state.taken.includes(plan.id)) return planGone
  const location = order.location ?? plan.locations[0] ?? "US"
  if (!plan.locations.includes(location)) return denied(`Location ${location} is not available for the selected plan`)
  const image = defaultImages.find((candidate) => candidate.image === order.settings.image)
  if (image?.requires_ssh === true && order.sshKey === null) return denied("SSH key is required for the selected image")
  if (!canPay(world, plan.hour)) return tooPoor
  const address = `provider.${plan.gpu.model}.${random.hex(3)}.val.akash.pub`
  const { expose, settings } = order
  const instance: ContainerInstance = {
    ...base(world, plan, order.name, location),
    ...{ kind: "container", address, expose, settings },
    forwarded: expose
      .filter(({ protocol }) => protocol !== "http")
      .map((exposed) => ({ ...exposed, external: String(random.integer(30_000, 32_767)) })),
    uri: expose.some(({ protocol }) => protocol === "http") ? `http://${random.hex(24)}.ingress.${address}` : null,
    ...{ started: false, broken: false, doom: null, pending: null, updatesFrozen: false, pod: podName(random) },
    ...{ logs: [], events: [] }
  }
  return begin(world, instance)
}

/**
 * Deploys a VM or bare metal, or says why not.
 *
 * - An option of the other kind is not available here: undocumented.
 * - The words of a wrong OS image are the documented ones. Source: Fluence docs, GPU API overview, errors.
 */
export const deployOs = (world: World, kind: OsInstance["kind"], order: OsOrder): Instance | Reply => {
  const { random } = world
  const option = world.options.get(order.planId)
  if (option === undefined || option.kind !== kind || !isFree(world, option)) return planGone
  const { osOptions, hour, location } = option
  if (!osOptions.includes(order.osImage))
    return denied(
      `Provided OS image ${order.osImage} is not supported for the selected offer. Available OS images: ${osOptions.join(", ")}`
    )
  if (!canPay(world, hour)) return tooPoor
  const address = addressOf(random, "216.81")
  const { osImage, sshKey } = order
  return begin(world, { ...base(world, option, order.name, location), kind, address, osImage, sshKey })
}
