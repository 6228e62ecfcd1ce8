import type { VirtualClock } from "../clock.ts"
import type { Address, MachineLogin } from "./login.ts"
import type { LoginMachine, Machines, SshOptions } from "./machines.ts"

/** Machines that are opened when they are first needed: until then nothing of them is loaded. */
export interface MachineKeeper {
  /** Where a machine answers: undefined where machines cannot be logged in to, null while this one has no address. */
  readonly addressOf: (id: string) => Address | null | undefined
  /** Makes the servers what the cloud has now. */
  readonly follow: () => Promise<void>
  readonly ssh: SimulatedSsh
}

/** The machines of a simulator that can be logged in to; none where it was made without `ssh`. */
export interface SimulatedSsh {
  /** Brings the machines up to date with their cloud, as each request does before and after it. */
  settle(): Promise<void>
  /** A machine by its id; throws for one that has never run, or is gone. */
  of(id: string | number): LoginMachine
  all(): readonly LoginMachine[]
  /** Closes every port. */
  close(): Promise<void>
}

/** How often machines are made what the cloud has while nobody asks it, in real milliseconds. */
const tick = 100

/** What a keeper needs to know of its cloud. */
export interface Keeping {
  readonly name: string
  readonly clock: VirtualClock
  /** How the machines that exist are logged in to. */
  readonly logins: () => readonly MachineLogin[]
  /** Lets the world live until now. */
  readonly settle: () => void
}

const isMachines = (option: boolean | SshOptions | Machines | undefined): option is Machines =>
  typeof option === "object" && "follow" in option

/**
 * Machines that outlive the simulators that they are given to, one after the other, as `ssh`: for a world that is
 * stored and continued. Nothing is loaded and no port opened before a cloud has a machine.
 */
export const createMachines = (name: string, options: SshOptions = {}): Machines => {
  let machines: Machines | undefined
  return {
    addressOf: (id) => machines?.addressOf(id),
    of: (id) => {
      if (machines === undefined) throw new Error(`No machine ${id} of ${name} can be logged in to yet`)
      return machines.of(id)
    },
    all: () => machines?.all() ?? [],
    follow: async (logins, clock) => {
      if (machines === undefined && logins.length === 0) return
      const { makeMachines } = await import("#machines")
      machines ??= makeMachines(name, options)
      await machines.follow(logins, clock)
    },
    close: async () => machines?.close()
  }
}

/** Keeps the machines of a cloud, if they can be logged in to at all. */
export const keepMachines = (
  option: boolean | SshOptions | Machines | undefined,
  { name, clock, logins, settle }: Keeping
): MachineKeeper => {
  let machines: Machines | undefined = isMachines(option) ? option : undefined
  let timer: ReturnType<typeof setInterval> | undefined
  const isOn = option !== undefined && option !== false
  const none = (id: string | number): never => {
    throw new Error(`No machine ${id} can be logged in to: make the simulator with option ssh`)
  }
  const open = async (): Promise<Machines> => {
    if (machines !== undefined) return machines
    const { makeMachines } = await import("#machines")
    machines ??= makeMachines(name, typeof option === "object" && !isMachines(option) ? option : {})
    return machines
  }
  const follow = async (): Promise<void> => {
    if (!isOn) return
    const release = clock.hold()
    try {
      settle()
      const own = logins()
      if (own.length === 0 && machines === undefined) return
      const opened = await open()
      await opened.follow(own, clock)
      // Those that are shared are followed by the simulator that continues the world, with its requests.
      if (isMachines(option)) return
      timer ??= setInterval(() => void follow(), tick)
      // Nobody has to wait for machines that nobody uses.
      if (typeof timer === "object") timer.unref()
    } finally {
      release()
    }
  }
  return {
    addressOf: (id) => {
      if (!isOn) return undefined
      const address = machines?.addressOf(id)
      // The documented one stays where nothing true can be.
      return address === null ? undefined : (address ?? null)
    },
    follow,
    ssh: {
      settle: follow,
      of: (id) => machines?.of(id) ?? none(id),
      all: () => machines?.all() ?? [],
      close: async () => {
        clearInterval(timer)
        timer = undefined
        await machines?.close()
      }
    }
  }
}
