/** A loopback address at which something answers. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** What a machine is made of, in the words of its cloud; 0 is what the cloud does not say. */
export interface RentedHardware {
  /** The model of its GPUs, as the cloud names it. */
  readonly model: string
  readonly gpus: number
  /** Of one GPU. */
  readonly gpuMemoryMiB: number
  readonly cores: number
  readonly memoryMiB: number
  readonly diskMiB: number
  /** The model of its processor. */
  readonly cpu?: string
  readonly driver?: string
}

/** How one machine of a cloud is logged in to. */
export interface MachineLogin {
  /** As its cloud names it. */
  readonly id: string
  /** Another one when it was made again under the same id: other files, another host key. */
  readonly life: string
  /** Another one when it was started again: its files stay, and what ran on it does not. */
  readonly start: string
  readonly user: string
  readonly hostname: string
  /** Public keys that are let in, as lines. */
  readonly keys: readonly string[]
  /** It runs: its port is open. */
  readonly isUp: boolean
  /** It runs, and its network is gone: connections fall silent, and what runs on it goes on. */
  readonly isCutOff?: boolean
  /** It is always at port 22 of an address of its own, since its cloud names no port. */
  readonly isOnPort22?: boolean
  readonly hardware: RentedHardware
}
