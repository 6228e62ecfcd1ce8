import type { VirtualClock } from "../../clock.ts"
import { createRandom } from "../../random.ts"
import { uuidOf } from "../ids.ts"
import { type Files, makeFiles } from "./files.ts"
import type { Hardware } from "./hardware.ts"
import type { FolderNode, Node, TextNode } from "./nodes.ts"
import { finish, type Kernel, type Process, signals } from "./process.ts"
import { procTexts } from "./programs/facts.ts"
import { programs } from "./programs/index.ts"

/** What a machine is made from. */
export interface MachineOptions {
  readonly hostname: string
  readonly user: string
  readonly hardware: Hardware
  readonly clock: VirtualClock
  /** Chooses its ids. */
  readonly seed: number
}

const text = (read: () => string): TextNode => ({ kind: "text", mode: 0o444, changed: 0, read })

const folder = (entries: ReadonlyArray<readonly [string, Node]>, live?: FolderNode["live"]): FolderNode => ({
  ...{ kind: "folder", mode: 0o555, changed: 0, entries: new Map(entries) },
  ...(live !== undefined && { live })
})

const joined = (words: Iterable<string>): string => [...words].map((word) => `${word}\0`).join("")

/** The line of `/proc/PID/stat`: its third field is the state, its 22nd when the process began. */
const statOf = (process: Process): string => {
  const { pid, parent, group, session, born, ended, argv } = process
  const name = (argv[0] ?? "").split("/").at(-1)?.slice(0, 15) ?? ""
  const state = ended === null ? "S" : "Z"
  const between = Array.from({ length: 14 }, () => 0)
  return `${pid} (${name}) ${state} ${parent} ${group} ${session} 0 ${between.slice(0, 14).join(" ")} ${born} 0 0\n`
}

const processFolder = (process: Process): FolderNode =>
  folder([
    ["stat", text(() => statOf(process))],
    ["comm", text(() => `${(process.argv[0] ?? "").split("/").at(-1)}\n`)],
    ["cmdline", text(() => joined(process.ended === null ? process.argv : []))],
    ["environ", text(() => joined([...process.environ].map(([name, value]) => `${name}=${value}`)))],
    ["status", text(() => `Name:\t${process.argv[0]}\nPid:\t${process.pid}\nPPid:\t${process.parent}\n`)],
    ["oom_score_adj", text(() => "0\n")],
    ["cwd", { kind: "link", mode: 0o777, changed: 0, target: process.cwd }]
  ])

const procFolder = (kernel: Kernel): FolderNode => {
  const random = folder([["boot_id", text(() => `${kernel.bootId}\n`)]])
  const init = folder([
    ["comm", text(() => "sshd\n")],
    ["environ", text(() => "")],
    ["cmdline", text(() => joined(["sshd"]))]
  ])
  return folder(
    [
      ...Object.entries(procTexts).map(([name, read]) => [name, text(() => read(kernel))] as const),
      ["sys", folder([["kernel", folder([["random", random]])]])],
      ["1", init]
    ],
    {
      names: () => [...kernel.processes.keys()].map(String),
      get: (name) => {
        const process = kernel.processes.get(Number(name))
        return process === undefined ? undefined : processFolder(process)
      }
    }
  )
}

/** What a new machine has on its disk. */
const furnish = (files: Files, kernel: Kernel, home: string): void => {
  for (const path of ["/dev/shm", "/etc", "/opt", "/usr", "/var/log", "/var/tmp", "/tmp", "/home", "/workspace", home])
    files.folders(path)
  const program = text(() => "\u007fELF")
  program.mode = 0o755
  files.put(
    "/usr/bin",
    folder([], { names: () => [...programs.keys()], get: (name) => (programs.has(name) ? program : undefined) })
  )
  for (const name of ["bin", "sbin"]) files.link("usr/bin", `/${name}`)
  files.put("/proc", procFolder(kernel))
  const cgroup = folder([
    ["memory.max", text(() => "max\n")],
    ["cpu.max", text(() => "max 100000\n")]
  ])
  files.put("/sys", folder([["fs", folder([["cgroup", cgroup]])]]))
  for (const [name, device] of [
    ["null", "null"],
    ["zero", "zero"],
    ["urandom", "random"],
    ["random", "random"],
    ["full", "full"]
  ] as const)
    files.put(`/dev/${name}`, { kind: "device", mode: 0o666, changed: 0, device })
  files.save("/etc/hostname", `${kernel.hostname}\n`)
  files.save("/etc/os-release", 'PRETTY_NAME="Ubuntu 22.04.5 LTS"\nNAME="Ubuntu"\nVERSION_ID="22.04"\nID=ubuntu\n')
  files.save(
    "/etc/passwd",
    `root:x:0:0:root:/root:/bin/sh\n${kernel.user === "root" ? "" : `${kernel.user}:x:1000:1000::${home}:/bin/sh\n`}`
  )
}

/** Where a user begins. */
export const homeOf = (user: string): string => (user === "root" ? "/root" : `/home/${user}`)

/** Makes a machine: its files are new, and nothing runs on it. */
export const makeMachine = ({ hostname, user, hardware, clock, seed }: MachineOptions): Kernel => {
  const random = createRandom(seed)
  const files = makeFiles(hardware.diskMiB * 1_048_576, clock.now)
  const stopAll = () => {
    for (const process of [...kernel.processes.values()]) finish(process, 128 + signals.KILL, "KILL")
    kernel.processes.clear()
    kernel.ports.clear()
  }
  const kernel: Kernel = {
    ...{ files, clock, hardware, user, hostname, programs },
    ...{ bootId: uuidOf(random), bootedAt: clock.monotonic(), nextPid: 100, isOff: false },
    processes: new Map(),
    ports: new Map(),
    restart: () => {
      stopAll()
      Object.assign(kernel, { bootId: uuidOf(random), bootedAt: clock.monotonic(), nextPid: 100 })
    },
    switchOff: () => {
      kernel.isOff = true
      stopAll()
    }
  }
  furnish(files, kernel, homeOf(user))
  return kernel
}
