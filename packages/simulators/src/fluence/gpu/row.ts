import { inSeconds } from "../../kit/fields.ts"
import type { GpuModel, Instance, Supply } from "../machine.ts"
import { toCents } from "../money.ts"
import { inMicros, nextHour } from "../stamp.ts"
import type { World } from "../world.ts"
import { type ContainerPlan, type Option, upfrontHours } from "./plans.ts"

/** A row as it goes over the wire. */
export type Row = Readonly<Record<string, unknown>>

const sizesOf = ({ vcpu, memory, storage }: Supply) => ({
  vcpu: { count: vcpu },
  memory: { count: memory, units: "Gi" },
  storage: { count: storage, units: "Gi" }
})

const pricing = (hour: number) => ({ hour, upfront_hours: upfrontHours, currency: "USDC" })

/** A container plan, its interface in upper case. Source: Fluence docs, Get plans. */
export const planRow = ({ id, supply, gpu, hour, locations }: ContainerPlan): Row => {
  const { vcpu, memory, storage, gpus } = supply
  return {
    plan: {
      id,
      name: `${gpu.model}-${gpu.vram.toLowerCase()}-${gpu.interface}-${gpus}gpu-${vcpu}cpu-${memory}gi-${storage}gi`,
      supply: { ...sizesOf(supply), gpu_count: gpus },
      gpu_model: { ...gpu, interface: gpu.interface.toUpperCase() },
      pricing: pricing(hour)
    },
    attributes: { location: locations }
  }
}

const distinct = (values: readonly string[]) => [...new Set(values)].sort()

const grouped = <A>(list: readonly A[], keyOf: (item: A) => string): ReadonlyArray<readonly [A, ...A[]]> => {
  const groups = new Map<string, [A, ...A[]]>()
  for (const item of list) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return [...groups.values()]
}

const lowest = (options: readonly Option[]) => Math.min(...options.map(({ hour }) => hour))

const optionRow = ({ id, kind, supply, hour, location, provider, nvlink, osOptions }: Option): Row => ({
  ...{ id, location, provider, ...sizesOf(supply) },
  ...{ deployment_type: kind.toUpperCase(), pricing: pricing(hour), nvlink, os_options: osOptions }
})

const countRow = (options: readonly [Option, ...Option[]]): Row => {
  const locations = distinct(options.map(({ location }) => location))
  const providers = distinct(options.map(({ provider }) => provider))
  return {
    gpu_count: options[0].supply.gpus,
    minimum_price: lowest(options),
    options_available_total: options.length,
    providers_available_total: providers.length,
    data_center_available_total: locations.length,
    ...{ locations, providers, options: options.map(optionRow) }
  }
}

/** The options of VMs or bare metal, grouped by GPU and by number of GPUs. Source: Fluence docs, Get plans. */
export const optionRows = (options: readonly Option[]): Row => ({
  data: grouped(options, ({ gpu }) => JSON.stringify(gpu)).map((group) => ({
    gpu_model: group[0].gpu,
    minimum_price: lowest(group),
    availability_by_number: grouped(group, ({ supply }) => String(supply.gpus)).map(countRow)
  }))
})

const resourcesOf = ({ supply, gpu }: { readonly supply: Supply; readonly gpu: GpuModel }) => ({
  supply: { ...sizesOf(supply), gpu_count: supply.gpus },
  gpu_model: gpu
})

const isActive = ({ status }: Instance) => status === "ACTIVE"

/** Its name or address, once its network is there: where it truly answers, if anything does. */
const domainOf = ({ reach }: World, instance: Instance): string | null => {
  if (!isActive(instance) || !instance.connected || instance.domainHeld) return null
  const real = reach(instance.id)
  // It has one all the same where nobody logs in to it.
  return real === null && instance.kind !== "container" ? null : (real?.host ?? instance.address)
}

const statusOf = ({ kind, status }: Instance) => (kind === "container" ? { instance_status: status } : { status })

const stampsOf = ({ createdAt, updatedAt }: Instance) => ({
  created_at: inMicros(createdAt),
  updated_at: inMicros(updatedAt)
})

/** An instance in a list. Source: Fluence docs, Manage instances, List instances. */
export const listRow = (world: World, instance: Instance): Row => ({
  ...{ id: instance.id, name: instance.name, ...statusOf(instance), resources: resourcesOf(instance) },
  ...{ domain: domainOf(world, instance), location: instance.location, ...stampsOf(instance) }
})

const billingOf = ({ state }: World, instance: Instance) => ({
  hourly_usage: instance.over ? 0 : toCents(instance.hourly),
  total_spendings: toCents(instance.spent),
  reserved_amount: toCents(instance.reserved),
  next_billing_period: isActive(instance) ? inSeconds(nextHour(state.at)) : null
})

/**
 * Null unless active. Source: Fluence docs, Manage instances, network.
 *
 * - Ports and the address of port 80 show together with the domain, and port 80 as http isn't forwarded: undocumented.
 */
const networkOf = (world: World, instance: Instance) => {
  if (!isActive(instance)) return null
  const domain = domainOf(world, instance)
  const real = world.reach(instance.id)
  if (instance.kind !== "container" || domain === null) return { domain, forwarded_ports: [], uri: null }
  const forwarded = instance.forwarded.map(({ port, external, protocol }) => ({
    port,
    external_port: port === "22" && real ? String(real.port) : external,
    protocol
  }))
  return { domain, forwarded_ports: forwarded, uri: instance.uri }
}

/** An instance by itself. Source: Fluence docs, Manage instances, Get instance details. */
export const detailRow = (world: World, instance: Instance): Row => {
  const { id, name, location } = instance
  const shared = { billing: billingOf(world, instance), network: networkOf(world, instance) }
  const head = { id, name, ...statusOf(instance) }
  if (instance.kind === "container") {
    const { image, environment, startupCommand } = instance.settings
    return {
      ...head,
      container_status: instance.started && isActive(instance) ? "STARTED" : "NOT_STARTED",
      resources: resourcesOf(instance),
      location,
      container_info: { image, expose: instance.expose, environment, startup_command: startupCommand },
      ...shared,
      ...stampsOf(instance)
    }
  }
  const { kind, osImage, sshKey } = instance
  const domain = domainOf(world, instance)
  const port = world.reach(id)?.port
  return {
    ...{ ...head, availability: kind, resources: resourcesOf(instance), location, os_image: osImage },
    // The login user of every image is taken as that of the documented example.
    ssh_connection: domain === null ? null : `ssh ${port === undefined ? "" : `-p ${port} `}ubuntu@${domain}`,
    ...{ ...shared, ssh_key: sshKey, ...stampsOf(instance) }
  }
}
