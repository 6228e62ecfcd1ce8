/** The three kinds of the GPU family. */
export type GpuKind = "container" | "vm" | "baremetal"

/** The hardware of a GPU plan or instance; sizes in GiB. */
export interface Supply {
  readonly vcpu: number
  readonly memory: number
  readonly storage: number
  readonly gpus: number
}

/** A GPU as instances name it, the interface in lower case. */
export interface GpuModel {
  readonly vendor: string
  readonly model: string
  readonly vram: string
  readonly interface: "sxm" | "pcie"
}

/** A port a container exposes. Ports of this family are text. */
export interface Exposed {
  readonly port: string
  readonly protocol: string
}

/** A variable of a container. */
export interface Variable {
  readonly name: string
  readonly value: string
}

/** What a deployment or an update says of a container, except its ports. */
export interface ContainerSettings {
  readonly image: string
  /** With the `SSH_PUBKEY` that a key puts there. */
  readonly environment: readonly Variable[]
  readonly startupCommand: string | null
  readonly hasCredentials: boolean
}

/** A port of a container and where it is reached. */
export interface Forwarded extends Exposed {
  readonly external: string
}

interface InstanceBase {
  readonly id: string
  readonly planId: string
  readonly supply: Supply
  readonly gpu: GpuModel
  readonly location: string
  readonly createdAt: number
  /** Price of an hour in nano-USDC. */
  readonly hourly: bigint
  /** Hours the reserve is filled up to. */
  readonly reserveHours: number
  /** The name or address it has once its network is set up. */
  readonly address: string
  name: string
  updatedAt: number
  /** Documented: INITIALIZED, ACTIVE, FAILED, ENDED. */
  status: string
  reserved: bigint
  spent: bigint
  /** Whether the network is set up. */
  connected: boolean
  /** Keeps the domain null until it is let go. */
  domainHeld: boolean
  /** A DELETE was accepted: nothing is charged from here on. */
  ending: boolean
  /** When a DELETE was accepted or it was over; null while it is rented. */
  rentedUntil: number | null
  /** FAILED or ENDED for good: the money is settled. */
  over: boolean
  /** Its row is in no answer any more. */
  removed: boolean
}

/** A container instance. */
export interface ContainerInstance extends InstanceBase {
  readonly kind: "container"
  readonly expose: readonly Exposed[]
  readonly forwarded: readonly Forwarded[]
  /** The address of what listens on port 80, if it was exposed as http. */
  readonly uri: string | null
  settings: ContainerSettings
  started: boolean
  /** Its process can't come up, or ended, and stays so until the next update. */
  broken: boolean
  /** Why it will not come up when it is started next; null lets it. */
  doom: string | null
  /** The update that is being applied. */
  pending: { readonly name: string; readonly settings: ContainerSettings } | null
  updatesFrozen: boolean
  pod: string
  logs: string[]
  events: string[]
}

/** A VM or a bare metal machine. */
export interface OsInstance extends InstanceBase {
  readonly kind: "vm" | "baremetal"
  readonly osImage: string
  readonly sshKey: string
}

/** A machine of the GPU family. Plain data, so that a world can be stored. */
export type Instance = ContainerInstance | OsInstance

/** An open port of a CPU machine. Ports of this family are numbers. */
export interface OpenPort {
  readonly port: number
  readonly protocol: string
}

/** A machine of the CPU family. Plain data, so that a world can be stored. */
export interface CpuMachine {
  readonly id: string
  readonly offerId: string
  readonly osImage: string
  readonly createdAt: number
  /** From then on it is in the lists. */
  listedAt: number
  /** Price of an epoch in nano-USDC. */
  readonly pricePerEpoch: bigint
  /** GiB beyond the configuration's own. */
  readonly extraStorage: number
  readonly address: string
  name: string
  /** Documented: New, Launching, Active, SmallBalance, InsufficientFunds, Terminated, Stopped. */
  status: string
  statusChangedAt: number
  ports: readonly OpenPort[]
  /** As they were given: keys, or names of those of the account. */
  readonly sshKeys?: readonly string[]
  reserved: bigint
  spent: bigint
  /** A DELETE was accepted. */
  ending: boolean
  /** When a DELETE was accepted or it was over; null while it is rented. */
  rentedUntil: number | null
  /** Ended for good by anyone: nothing is charged any more. */
  over: boolean
  /** Its row is in no list any more. */
  removed: boolean
}
