import { candidatesFor } from "./cpu/constraints.ts"
import { cpuSteps, createCpu } from "./cpu/lifecycle.ts"
import { defaultImages as osImages } from "./cpu/offers.ts"
import { deployContainer, deployOs, isFree } from "./gpu/deploy.ts"
import { gpuSteps } from "./gpu/lifecycle.ts"
import type { GpuKind, Instance } from "./machine.ts"
import { cancelPlan, type World } from "./world.ts"

/** A machine put into the world without a request. It is deployed and paid as any other. */
export interface FluenceMachineOptions {
  /** Default `container`. */
  readonly kind?: GpuKind | "cpu-vm"
  readonly name?: string
  /** Of a plan, an option, or a CPU offer. Default: the first that is free. */
  readonly planId?: string
  /** Of a container. */
  readonly image?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly sshKey?: string
  /** `ready` (default): running with everything it will have; `fresh`: as right after its deployment. */
  readonly state?: "ready" | "fresh"
}

const aKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw outside@simulator"

const deploy = (world: World, kind: GpuKind, options: FluenceMachineOptions) => {
  const { name = "outside", sshKey = aKey } = options
  if (kind === "container") {
    const environment = { ...options.environment, SSH_PUBKEY: sshKey }
    const settings = {
      image: options.image ?? "docker.io/fluencelabs/debian-ssh-root:11",
      environment: Object.entries(environment).map(([variable, value]) => ({ name: variable, value })),
      ...{ startupCommand: null, hasCredentials: false }
    }
    const planId = options.planId ?? [...world.plans.keys()].find((id) => !world.state.taken.includes(id)) ?? ""
    const expose = [{ port: "22", protocol: "tcp" }]
    return deployContainer(world, { planId, name, settings, expose, location: null, sshKey })
  }
  const free = [...world.options.values()].filter((option) => option.kind === kind && isFree(world, option))
  const option = options.planId === undefined ? free[0] : free.find(({ id }) => id === options.planId)
  if (option === undefined) throw new Error(`No option for ${kind} is free in this simulator`)
  return deployOs(world, kind, { planId: option.id, name, sshKey, osImage: option.osOptions[0] ?? "" })
}

const makeReady = (world: World, instance: Instance) => {
  cancelPlan(world, instance.id)
  gpuSteps.active(world, instance)
  if (instance.over) return
  cancelPlan(world, instance.id)
  gpuSteps.network(world, instance)
  gpuSteps.started(world, instance)
}

const addCpu = (world: World, { name = "outside", planId, state }: FluenceMachineOptions): string => {
  const unconstrained = { cpu: [], memory: [], storage: [] }
  const wanted = { slug: null, storage: [], hardware: unconstrained, countries: [], mostPrice: null }
  const candidates = candidatesFor(world, wanted)
  const found = planId === undefined ? candidates[0] : candidates.find(({ offer }) => offer.id === planId)
  if (found === undefined) throw new Error("No CPU offer is free in this simulator")
  const ports = [{ port: 22, protocol: "tcp" }]
  const machine = createCpu(world, found, { name, osImage: osImages[0]?.downloadUrl ?? "", ports, extraStorage: 0 })
  if (state === "fresh") return machine.id
  cancelPlan(world, machine.id)
  cpuSteps.launched(world, machine)
  machine.listedAt = world.state.at
  return machine.id
}

/** Puts a machine into the world; gives its id. */
export const addMachine = (world: World, options: FluenceMachineOptions = {}): string => {
  const kind = options.kind ?? "container"
  if (kind === "cpu-vm") return addCpu(world, options)
  const made = deploy(world, kind, options)
  if (!("kind" in made)) throw new Error(`The machine can't be deployed: ${JSON.stringify(made.json)}`)
  if (options.state !== "fresh") makeReady(world, made)
  return made.id
}
