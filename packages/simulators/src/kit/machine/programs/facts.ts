import type { Process } from "../process.ts"
import type { Program } from "../shell/spawn.ts"
import { say } from "../system.ts"
import { argumentsIn } from "./arguments.ts"

const print =
  (text: (process: Process, argv: ReadonlyArray<string>) => string): Program =>
  async (process, argv) => {
    await say(process, `${text(process, argv)}\n`)
    return 0
  }

const kernel = "5.15.0-171-generic"

const uname = print(({ machine }, argv) => {
  const args = argumentsIn(argv)
  const all = { s: "Linux", n: machine.hostname, r: kernel, v: "#181-Ubuntu SMP", m: "x86_64", o: "GNU/Linux" }
  const asked = Object.entries(all).filter(([letter]) => args.has(letter, "a"))
  return asked.length > 0 ? asked.map(([, text]) => text).join(" ") : all.s
})

const idOf = print(({ machine }, argv) => {
  const args = argumentsIn(argv)
  const isRoot = machine.user === "root"
  if (args.has("n")) return machine.user
  if (args.has("u", "g")) return isRoot ? "0" : "1000"
  return isRoot ? "uid=0(root) gid=0(root) groups=0(root)" : `uid=1000(${machine.user}) gid=1000(${machine.user})`
})

const free = print(({ machine }, argv) => {
  const args = argumentsIn(argv)
  const unit = args.has("g") ? 1 / 1024 : args.has("m") ? 1 : 1024
  const shown = (mib: number) => String(Math.round(mib * unit)).padStart(12)
  const { memoryMiB } = machine.hardware
  const used = memoryMiB * 0.03
  return `               total        used        free\nMem:    ${shown(memoryMiB)}${shown(used)}${shown(memoryMiB - used)}\nSwap:   ${shown(0)}${shown(0)}${shown(0)}`
})

const uptime = print(({ machine }) => {
  const seconds = Math.floor((machine.clock.monotonic() - machine.bootedAt) / 1000)
  return ` up ${Math.floor(seconds / 60)} min,  1 user,  load average: 0.00, 0.00, 0.00`
})

/** What a machine says of itself. */
export const factPrograms: Readonly<Record<string, Program>> = {
  ...{ uname, id: idOf, free, uptime, nproc: print(({ machine }) => String(machine.hardware.cores)) },
  whoami: print(({ machine }) => machine.user),
  hostname: print(({ machine }) => machine.hostname),
  arch: print(() => "x86_64"),
  getconf: print(({ machine }, [, name]) => (name === "PAGESIZE" ? "4096" : String(machine.hardware.cores)))
}

/** The texts of `/proc` that are of the whole machine. */
export const procTexts: Readonly<Record<string, (machine: Process["machine"]) => string>> = {
  meminfo: ({ hardware: { memoryMiB } }) => {
    const kib = memoryMiB * 1024
    const row = (name: string, value: number) => `${`${name}:`.padEnd(16)}${String(Math.round(value)).padStart(8)} kB\n`
    return (
      row("MemTotal", kib) +
      row("MemFree", kib * 0.95) +
      row("MemAvailable", kib * 0.97) +
      row("SwapTotal", 0) +
      row("SwapFree", 0)
    )
  },
  cpuinfo: ({ hardware: { cores, cpu } }) =>
    Array.from(
      { length: cores },
      (_, index) =>
        `processor\t: ${index}\nvendor_id\t: ${cpu.startsWith("AMD") ? "AuthenticAMD" : "GenuineIntel"}\nmodel name\t: ${cpu}\ncpu cores\t: ${cores}\n\n`
    ).join(""),
  uptime: ({ clock, bootedAt }) => `${((clock.monotonic() - bootedAt) / 1000).toFixed(2)} 0.00\n`,
  loadavg: () => "0.00 0.00 0.00 1/100 100\n",
  version: () => `Linux version ${kernel} (simulated)\n`,
  vmstat: () => "nr_free_pages 1000000\noom_kill 0\n",
  mounts: () => "overlay / overlay rw 0 0\nshm /dev/shm tmpfs rw 0 0\nproc /proc proc rw 0 0\n",
  filesystems: () => "nodev\tproc\nnodev\toverlay\n"
}
