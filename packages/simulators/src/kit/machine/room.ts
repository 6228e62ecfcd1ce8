import type { VirtualClock } from "../../clock.ts"
import type { Address, MachineLogin, RentedHardware } from "../login.ts"
import type { LoginMachine, Machines, SshOptions } from "../machines.ts"
import { Errno } from "./errno.ts"
import { gpuOf, type Hardware } from "./hardware.ts"
import { homeOf, makeMachine } from "./machine.ts"
import { contentOf } from "./nodes.ts"
import type { Kernel } from "./process.ts"
import { type HostKey, hostKeyOf } from "./ssh/host-key.ts"
import { type MachineServer, startServer } from "./ssh/server.ts"

/** A machine as it is kept: what the cloud says of it, what runs, and where it answers. */
interface Kept {
  login: MachineLogin
  kernel: Kernel
  hostKey: HostKey
  server: MachineServer
  /** When it was first seen to run since its last start; null while it does not. */
  upSince: number | null
  refused: "connection" | "login" | null
}

const hashOf = (text: string): number =>
  [...text].reduce((sum, sign) => (Math.imul(sum, 31) + sign.charCodeAt(0)) >>> 0, 7)

/** What a machine is made of: what was rented, as its own programs name it. */
const hardwareOf = ({ model, gpus, gpuMemoryMiB, cpu, driver, ...sizes }: RentedHardware): Hardware => ({
  gpus: Array.from({ length: gpus }, () => gpuOf(model, gpuMemoryMiB)),
  cores: Math.max(1, Math.floor(sizes.cores)),
  memoryMiB: Math.max(256, Math.floor(sizes.memoryMiB)),
  diskMiB: Math.max(256, Math.floor(sizes.diskMiB)),
  cpu: cpu ?? "AMD EPYC 7763 64-Core Processor",
  driver: driver ?? "570.133.20",
  cuda: "12.8"
})

const boot = (name: string, login: MachineLogin, clock: VirtualClock, { hardware }: SshOptions): Kernel => {
  const rented = hardwareOf(login.hardware)
  return makeMachine({
    ...{ hostname: login.hostname, user: login.user, clock },
    seed: hashOf(`${name} ${login.life}`),
    hardware: hardware === undefined ? rented : hardware(rented, login.id)
  })
}

/** So many addresses are tried before another port is taken. */
const mostTries = 20

/** A server at port 22 of an address of its own, where this computer lets us have one; any port of 127.0.0.1 elsewhere. */
const startAt22 = async (options: Parameters<typeof startServer>[0]): Promise<MachineServer> => {
  for (let tries = 0; tries < mostTries; tries++) {
    const [a, b] = [1 + Math.floor(Math.random() * 254), 1 + Math.floor(Math.random() * 254)]
    try {
      return await startServer(options, `127.${100 + tries}.${a}.${b}`, 22)
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : ""
      if (code !== "EADDRINUSE") break
    }
  }
  return startServer(options, "127.0.0.1")
}

/** What a test or a person can do to a machine. */
const handleOf = (kept: Kept): LoginMachine => {
  const { kernel, server, login, hostKey } = kept
  const whole = (path: string) => (path.startsWith("/") ? path : `${homeOf(login.user)}/${path}`)
  return {
    ...{ id: login.id, host: server.host, port: server.port, user: login.user, hostKey: hostKey.publicKey },
    isOpen: server.isListening(),
    cut: server.cut,
    refuse: async (what) => {
      kept.refused = what
      if (what === "connection") await server.refuse()
      else if (kept.upSince !== null) await server.listen()
    },
    fillDisk: (left = 0) => {
      kernel.files.capacity = left === 0 ? 0 : kernel.files.used() + left
    },
    restart: () => {
      kernel.restart()
      server.cut("close")
    },
    change: (to) => {
      kernel.hardware = to(kernel.hardware)
    },
    read: (path) => {
      const node = kernel.files.at(whole(path))
      if (node.kind !== "file") throw new Errno("EISDIR")
      return Buffer.from(contentOf(node))
    },
    write: (path, content) => {
      kernel.files.folders(whole(path).replace(/\/[^/]*$/, "") || "/")
      kernel.files.save(whole(path), content)
    }
  }
}

/**
 * Keeps a real ssh server on a loopback address for each machine that a simulated cloud has.
 *
 * - A machine has its address from the moment it is made, and its port is open while it runs.
 * - `name` tells the machines of one cloud from those of another: host keys are made of it.
 */
export const makeMachines = (name: string, options: SshOptions = {}): Machines => {
  const all = new Map<string, Kept>()

  const begin = async (login: MachineLogin, clock: VirtualClock): Promise<void> => {
    const hostKey = hostKeyOf(`${name} ${login.id} ${login.life}`)
    const find = () => all.get(login.id)
    const serving = {
      ...{ hostKey, user: login.user },
      machine: () => find()?.kernel,
      keys: () => {
        const kept = find()
        if (kept === undefined || kept.refused === "login") return []
        const isLate = (kept.upSince ?? Number.POSITIVE_INFINITY) + (options.boot?.login ?? 0) > clock.monotonic()
        return isLate ? [] : kept.login.keys
      }
    }
    const server = await (login.isOnPort22 === true ? startAt22(serving) : startServer(serving, "127.0.0.1"))
    await server.refuse()
    const kernel = boot(name, login, clock, options)
    all.set(login.id, { login, kernel, hostKey, server, upSince: null, refused: null })
  }

  const end = async (kept: Kept): Promise<void> => {
    all.delete(kept.login.id)
    kept.kernel.switchOff()
    await kept.server.close()
  }

  const update = async (kept: Kept, login: MachineLogin, clock: VirtualClock): Promise<void> => {
    const isSame = kept.login.start === login.start
    const wasUp = kept.upSince !== null
    kept.login = login
    if (wasUp && (!login.isUp || !isSame)) {
      kept.upSince = null
      kept.kernel.restart()
      await kept.server.refuse()
      kept.server.cut("close")
    }
    if (!login.isUp) return
    if (login.isCutOff === true) {
      await kept.server.refuse()
      kept.server.cut("silence")
      return
    }
    kept.upSince ??= clock.monotonic()
    const isLate = kept.upSince + (options.boot?.port ?? 0) > clock.monotonic()
    if (!isLate && kept.refused !== "connection") await kept.server.listen()
  }

  const follow = async (logins: readonly MachineLogin[], clock: VirtualClock): Promise<void> => {
    const byId = new Map(logins.map((login) => [login.id, login]))
    for (const kept of [...all.values()]) if (byId.get(kept.login.id)?.life !== kept.login.life) await end(kept)
    for (const login of logins) {
      if (!all.has(login.id)) await begin(login, clock)
      const kept = all.get(login.id)
      if (kept !== undefined) await update(kept, login, clock)
    }
  }

  // One at a time: two that look at once would both open the same port.
  let last: Promise<void> = Promise.resolve()
  const addressOf = (id: string): Address | null | undefined => {
    const { server, login } = all.get(id) ?? {}
    if (server === undefined) return undefined
    return login?.isOnPort22 === true && server.port !== 22 ? null : { host: server.host, port: server.port }
  }
  return {
    addressOf,
    of: (id) => {
      const kept = all.get(String(id))
      if (kept === undefined) throw new Error(`No machine ${id} of ${name} can be logged in to`)
      return handleOf(kept)
    },
    all: () => [...all.values()].map(handleOf),
    follow: (logins, clock) => {
      last = last.then(() => follow(logins, clock))
      return last
    },
    close: async () => {
      await last
      for (const kept of [...all.values()]) await end(kept)
    }
  }
}
