import type { Gpu } from "../hardware.ts"
import type { Process } from "../process.ts"
import type { Program } from "../shell/spawn.ts"
import { complain, pathIn, say } from "../system.ts"
import { formattedDate } from "./clock.ts"
import { smiXml } from "./nvidia-smi-xml.ts"

/** What a card shows while it does nothing. */
export interface Reading {
  readonly gpu: Gpu
  readonly index: number
  readonly busId: string
  readonly uuid: string
  readonly temperature: number
  /** Watts. */
  readonly power: number
  readonly reservedMiB: number
}

/** What each card of a machine shows now. */
export const readingsOf = ({ machine }: Process): ReadonlyArray<Reading> =>
  machine.hardware.gpus.map((gpu, index) => {
    const mark = `${machine.bootId}${index}`.replaceAll("-", "").padStart(33, "0").slice(-32)
    return {
      ...{ gpu, index, temperature: gpu.isThrottled ? 92 : 31 + (index % 5), power: gpu.powerLimit * 0.12 },
      busId: `00000000:${(index * 8 + 1).toString(16).toUpperCase().padStart(2, "0")}:00.0`,
      uuid: `GPU-${mark.slice(0, 8)}-${mark.slice(8, 12)}-${mark.slice(12, 16)}-${mark.slice(16, 20)}-${mark.slice(20)}`,
      reservedMiB: Math.round(gpu.memoryMiB * 0.008)
    }
  })

const active = (is: boolean): string => (is ? "Active" : "Not Active")

/** The properties that can be asked for; those with a unit lose it where none is wanted. */
const properties: Readonly<Record<string, (reading: Reading, process: Process) => string>> = {
  timestamp: (_, { machine }) => formattedDate("%Y/%m/%d %H:%M:%S.%3N", machine.clock.now()),
  count: (_, { machine }) => String(machine.hardware.gpus.length),
  index: ({ index }) => String(index),
  name: ({ gpu }) => gpu.name,
  gpu_name: ({ gpu }) => gpu.name,
  uuid: ({ uuid }) => uuid,
  gpu_uuid: ({ uuid }) => uuid,
  serial: () => "[N/A]",
  driver_version: (_, { machine }) => machine.hardware.driver,
  "pci.bus_id": ({ busId }) => busId,
  gpu_bus_id: ({ busId }) => busId,
  "pcie.link.gen.current": ({ gpu }) => String(gpu.pcieGen),
  "pcie.link.gen.max": ({ gpu }) => String(gpu.pcieGen),
  "pcie.link.width.current": ({ gpu }) => String(gpu.pcieWidth),
  "pcie.link.width.max": () => "16",
  persistence_mode: () => "Enabled",
  pstate: () => "P0",
  "fan.speed": () => "[N/A]",
  compute_mode: () => "Default",
  compute_cap: ({ gpu }) =>
    ({ Hopper: "9.0", Blackwell: "10.0", Ampere: "8.0", Volta: "7.0" })[gpu.architecture] ?? "8.9",
  "memory.total": ({ gpu }) => `${gpu.memoryMiB} MiB`,
  "memory.reserved": ({ reservedMiB }) => `${reservedMiB} MiB`,
  "memory.used": () => "1 MiB",
  "memory.free": ({ gpu, reservedMiB }) => `${gpu.memoryMiB - reservedMiB - 1} MiB`,
  "utilization.gpu": () => "0 %",
  "utilization.memory": () => "0 %",
  "ecc.mode.current": ({ gpu }) => (gpu.hasEcc ? "Enabled" : "[N/A]"),
  "ecc.mode.pending": ({ gpu }) => (gpu.hasEcc ? "Enabled" : "[N/A]"),
  "ecc.errors.corrected.volatile.total": ({ gpu }) => (gpu.hasEcc ? "0" : "[N/A]"),
  "ecc.errors.uncorrected.volatile.total": ({ gpu }) => (gpu.hasEcc ? String(gpu.uncorrected) : "[N/A]"),
  "ecc.errors.uncorrected.aggregate.total": ({ gpu }) => (gpu.hasEcc ? String(gpu.uncorrected) : "[N/A]"),
  "temperature.gpu": ({ temperature }) => String(temperature),
  "power.draw": ({ power }) => `${power.toFixed(2)} W`,
  "power.limit": ({ gpu }) => `${gpu.powerLimit.toFixed(2)} W`,
  "enforced.power.limit": ({ gpu }) => `${gpu.powerLimit.toFixed(2)} W`,
  "power.max_limit": ({ gpu }) => `${gpu.powerLimit.toFixed(2)} W`,
  "clocks_event_reasons.hw_thermal_slowdown": ({ gpu }) => active(gpu.isThrottled),
  "clocks_throttle_reasons.hw_thermal_slowdown": ({ gpu }) => active(gpu.isThrottled),
  "clocks_event_reasons.sw_power_cap": () => active(false),
  "clocks_event_reasons.hw_slowdown": ({ gpu }) => active(gpu.isThrottled),
  "mig.mode.current": ({ gpu }) => (gpu.memoryMiB > 40_000 && gpu.hasEcc ? "Disabled" : "[N/A]"),
  "mig.mode.pending": ({ gpu }) => (gpu.memoryMiB > 40_000 && gpu.hasEcc ? "Disabled" : "[N/A]")
}

const units: ReadonlyArray<readonly [RegExp, string]> = [
  [/^memory\./, " [MiB]"],
  [/^utilization\./, " [%]"],
  [/^(enforced\.)?power\./, " [W]"]
]

const query = async (process: Process, asked: string, format: string): Promise<number> => {
  const names = asked.split(",").map((name) => name.trim())
  const unknown = names.find((name) => !Object.hasOwn(properties, name))
  if (unknown !== undefined) {
    await say(process, `Field "${unknown}" is not a valid field to query.\n\n`)
    return 2
  }
  const bare = format.includes("nounits")
  if (!format.includes("noheader"))
    await say(
      process,
      `${names.map((name) => `${name}${units.find(([rule]) => rule.test(name))?.[1] ?? ""}`).join(", ")}\n`
    )
  for (const reading of readingsOf(process)) {
    const values = names.map((name) => properties[name]?.(reading, process) ?? "[N/A]")
    await say(process, `${values.map((value) => (bare ? value.replace(/ (MiB|%|W)$/, "") : value)).join(", ")}\n`)
  }
  return 0
}

const bar = (left: string, middle: string, right: string, line = "-"): string =>
  `${left}${line.repeat(41)}${middle}${line.repeat(24)}${middle}${line.repeat(22)}${right}\n`

/** The table that people look at. */
const table = (process: Process): string => {
  const { hardware, clock } = process.machine
  const head = `| NVIDIA-SMI ${hardware.driver.padEnd(22)} Driver Version: ${hardware.driver.padEnd(14)} CUDA Version: ${hardware.cuda.padEnd(8)} |\n`
  const rows = readingsOf(process).flatMap(({ gpu, index, busId, temperature, power }) => {
    const watts = `${Math.round(power)}W / ${String(gpu.powerLimit).padStart(4)}W`
    return [
      `| ${String(index).padStart(3)}  ${gpu.name.slice(0, 26).padEnd(28)}On     | ${busId.padStart(16)} Off    | ${(gpu.hasEcc ? String(gpu.uncorrected) : "N/A").padStart(20)} |\n`,
      `| N/A  ${String(temperature).padStart(3)}C    P0    ${watts.padStart(20)} | ${`1MiB / ${gpu.memoryMiB}MiB`.padStart(22)} |      0%      Default |\n`,
      bar("+", "+", "+")
    ]
  })
  return [
    `${formattedDate("%a %b %e %H:%M:%S %Y", clock.now())}\n`,
    bar("+", "-", "+"),
    head,
    bar("|", "+", "+"),
    "| GPU  Name                 Persistence-M | Bus-Id          Disp.A | Volatile Uncorr. ECC |\n",
    "| Fan  Temp   Perf          Pwr:Usage/Cap |           Memory-Usage | GPU-Util  Compute M. |\n",
    bar("|", "+", "|", "="),
    ...rows
  ].join("")
}

const valueOfFlag = (argv: ReadonlyArray<string>, ...names: ReadonlyArray<string>): string | undefined => {
  const at = argv.findIndex((word) => names.some((name) => word === name || word.startsWith(`${name}=`)))
  if (at < 0) return undefined
  const word = argv[at] ?? ""
  return word.includes("=") ? word.slice(word.indexOf("=") + 1) : (argv[at + 1] ?? "")
}

/** `nvidia-smi`: the table, `-L`, `-q -x` and `--query-gpu`. A machine without GPUs has no driver. */
export const nvidiaSmi: Program = async (process, argv) => {
  const { hardware } = process.machine
  if (hardware.gpus.length === 0) {
    await say(
      process,
      "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n"
    )
    return 9
  }
  const asked = valueOfFlag(argv, "--query-gpu")
  if (asked !== undefined) return query(process, asked, valueOfFlag(argv, "--format") ?? "csv")
  if (argv.some((word) => word.startsWith("--query-compute-apps"))) {
    await say(
      process,
      valueOfFlag(argv, "--format")?.includes("noheader") ? "" : "pid, process_name, used_gpu_memory [MiB]\n"
    )
    return 0
  }
  if (argv.includes("-L") || argv.includes("--list-gpus")) {
    for (const { gpu, index, uuid } of readingsOf(process))
      await say(process, `GPU ${index}: ${gpu.name} (UUID: ${uuid})\n`)
    return 0
  }
  if (argv.includes("--version")) {
    await say(
      process,
      `NVIDIA-SMI version  : ${hardware.driver}\nDRIVER version      : ${hardware.driver}\nCUDA Version        : ${hardware.cuda}\n`
    )
    return 0
  }
  const text = argv.includes("-q") && argv.includes("-x") ? smiXml(process) : argv.length === 1 ? table(process) : null
  if (text === null) {
    await complain(
      process,
      `nvidia-smi: this simulated one knows the table, -L, -q -x, --query-gpu and --version, and not: ${argv.slice(1).join(" ")}`
    )
    return 2
  }
  const file = valueOfFlag(argv, "-f", "--filename")
  if (file === undefined) await say(process, text)
  else process.machine.files.save(pathIn(process, file), text)
  return 0
}
