import type { Process } from "../process.ts"
import { formattedDate } from "./clock.ts"
import { type Reading, readingsOf } from "./nvidia-smi.ts"

/** What is in an element: a text, or elements by their names in order. */
type Content = string | number | ReadonlyArray<readonly [name: string, content: Content]>

const written = (name: string, content: Content, depth: number, attribute = ""): string => {
  const indent = "\t".repeat(depth)
  if (typeof content !== "object") return `${indent}<${name}${attribute}>${content}</${name}>\n`
  const inner = content.map(([child, own]) => written(child, own, depth + 1)).join("")
  return `${indent}<${name}${attribute}>\n${inner}${indent}</${name}>\n`
}

const none = "N/A"
const active = (is: boolean): string => (is ? "Active" : "Not Active")

const pci = ({ gpu, busId }: Reading): Content => [
  ["pci_bus", busId.slice(9, 11)],
  ["pci_device", "00"],
  ["pci_domain", "0000"],
  ["pci_bus_id", busId],
  [
    "pci_gpu_link_info",
    [
      [
        "pcie_gen",
        [
          ["max_link_gen", gpu.pcieGen],
          ["current_link_gen", gpu.pcieGen],
          ["device_current_link_gen", gpu.pcieGen],
          ["max_device_link_gen", gpu.pcieGen],
          ["max_host_link_gen", gpu.pcieGen]
        ]
      ],
      [
        "link_widths",
        [
          ["max_link_width", "16x"],
          ["current_link_width", `${gpu.pcieWidth}x`]
        ]
      ]
    ]
  ],
  ["replay_counter", 0],
  ["replay_rollover_counter", 0],
  ["tx_util", "0 KB/s"],
  ["rx_util", "0 KB/s"]
]

/** Why clocks are held back. */
const reasons = ({ gpu }: Reading): Content => [
  ["clocks_event_reason_gpu_idle", active(!gpu.isThrottled)],
  ["clocks_event_reason_applications_clocks_setting", active(false)],
  ["clocks_event_reason_sw_power_cap", active(false)],
  ["clocks_event_reason_hw_slowdown", active(gpu.isThrottled)],
  ["clocks_event_reason_hw_thermal_slowdown", active(gpu.isThrottled)],
  ["clocks_event_reason_hw_power_brake_slowdown", active(false)],
  ["clocks_event_reason_sync_boost", active(false)],
  ["clocks_event_reason_sw_thermal_slowdown", active(false)],
  ["clocks_event_reason_display_clocks_setting", active(false)]
]

const memory = ({ gpu, reservedMiB }: Reading): Content => [
  ["total", `${gpu.memoryMiB} MiB`],
  ["reserved", `${reservedMiB} MiB`],
  ["used", "1 MiB"],
  ["free", `${gpu.memoryMiB - reservedMiB - 1} MiB`]
]

const errors = ({ gpu }: Reading): Content => {
  const zero = gpu.hasEcc ? 0 : none
  const counts = (uncorrected: number | string): Content => [
    ["sram_correctable", zero],
    ["sram_uncorrectable_parity", zero],
    ["sram_uncorrectable_secded", zero],
    ["dram_correctable", zero],
    ["dram_uncorrectable", uncorrected]
  ]
  const uncorrected = gpu.hasEcc ? gpu.uncorrected : none
  return [
    ["volatile", counts(uncorrected)],
    ["aggregate", counts(uncorrected)],
    ["channel_repair_pending", "No"],
    ["tpc_repair_pending", "No"]
  ]
}

const rows = ({ gpu }: Reading): Content => {
  if (!gpu.hasEcc) return none
  const failing = gpu.uncorrected > 0
  return [
    ["remapped_row_corr", 0],
    ["remapped_row_unc", gpu.uncorrected],
    ["remapped_row_pending", failing ? "Yes" : "No"],
    ["remapped_row_failure", "No"]
  ]
}

const power = ({ gpu, power: watts }: Reading): Content => [
  ["power_state", "P0"],
  ["average_power_draw", `${watts.toFixed(2)} W`],
  ["instant_power_draw", `${watts.toFixed(2)} W`],
  ["current_power_limit", `${gpu.powerLimit.toFixed(2)} W`],
  ["requested_power_limit", `${gpu.powerLimit.toFixed(2)} W`],
  ["default_power_limit", `${gpu.powerLimit.toFixed(2)} W`],
  ["min_power_limit", `${(gpu.powerLimit * 0.3).toFixed(2)} W`],
  ["max_power_limit", `${gpu.powerLimit.toFixed(2)} W`]
]

const modesOf = (reading: Reading): Content => {
  const { gpu } = reading
  const mig = gpu.hasEcc && gpu.memoryMiB > 40_000 ? "Disabled" : none
  const ecc = gpu.hasEcc ? "Enabled" : none
  return [
    [
      "mig_mode",
      [
        ["current_mig", mig],
        ["pending_mig", mig]
      ]
    ],
    ["mig_devices", "\n\t\t\tNone\n\t\t"],
    ["accounting_mode", "Disabled"],
    ["accounting_mode_buffer_size", 4000],
    [
      "driver_model",
      [
        ["current_dm", none],
        ["pending_dm", none]
      ]
    ],
    ["serial", none],
    ["uuid", reading.uuid],
    ["minor_number", reading.index],
    ["vbios_version", "96.00.74.00.01"],
    ["multigpu_board", "No"],
    ["board_id", `0x${((reading.index * 8 + 1) * 256).toString(16)}`],
    [
      "ecc_mode",
      [
        ["current_ecc", ecc],
        ["pending_ecc", ecc]
      ]
    ]
  ]
}

const temperatures = ({ temperature }: Reading): Content => [
  ["gpu_temp", `${temperature} C`],
  ["gpu_temp_max_threshold", "95 C"],
  ["gpu_temp_slow_threshold", "90 C"],
  ["gpu_temp_max_gpu_threshold", "87 C"],
  ["gpu_target_temperature", none],
  ["memory_temp", none]
]

const elementsOf = (reading: Reading): ReadonlyArray<readonly [string, Content]> => {
  const { gpu } = reading
  const modes = modesOf(reading)
  return [
    ["product_name", gpu.name],
    ["product_brand", gpu.brand],
    ["product_architecture", gpu.architecture],
    ["display_mode", "Disabled"],
    ["display_active", "Disabled"],
    ["persistence_mode", "Enabled"],
    ["addressing_mode", "None"],
    ...(typeof modes === "object" ? modes : []),
    ["pci", pci(reading)],
    ["fan_speed", none],
    ["performance_state", "P0"],
    ["clocks_event_reasons", reasons(reading)],
    ["fb_memory_usage", memory(reading)],
    [
      "bar1_memory_usage",
      [
        ["total", `${gpu.memoryMiB} MiB`],
        ["used", "1 MiB"],
        ["free", `${gpu.memoryMiB - 1} MiB`]
      ]
    ],
    ["compute_mode", "Default"],
    [
      "utilization",
      [
        ["gpu_util", "0 %"],
        ["memory_util", "0 %"],
        ["encoder_util", "0 %"],
        ["decoder_util", "0 %"]
      ]
    ],
    ["ecc_errors", errors(reading)],
    ["remapped_rows", rows(reading)],
    ["temperature", temperatures(reading)],
    ["gpu_power_readings", power(reading)],
    [
      "clocks",
      [
        ["graphics_clock", "1980 MHz"],
        ["sm_clock", "1980 MHz"],
        ["mem_clock", "2619 MHz"],
        ["video_clock", "1545 MHz"]
      ]
    ],
    [
      "max_clocks",
      [
        ["graphics_clock", "1980 MHz"],
        ["sm_clock", "1980 MHz"],
        ["mem_clock", "2619 MHz"],
        ["video_clock", "1545 MHz"]
      ]
    ],
    ["processes", "\n\t\t"]
  ]
}

/** What `nvidia-smi -q -x` writes, in the form of version 12 of its document type. */
export const smiXml = (process: Process): string => {
  const { hardware, clock } = process.machine
  const head = [
    ["timestamp", formattedDate("%a %b %e %H:%M:%S %Y", clock.now())],
    ["driver_version", hardware.driver],
    ["cuda_version", hardware.cuda],
    ["attached_gpus", String(hardware.gpus.length)]
  ] as const
  const gpus = readingsOf(process).map((reading) => written("gpu", elementsOf(reading), 1, ` id="${reading.busId}"`))
  return [
    '<?xml version="1.0" ?>\n<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">\n<nvidia_smi_log>\n',
    ...head.map(([name, text]) => written(name, text, 1)),
    ...gpus,
    "\n</nvidia_smi_log>\n"
  ].join("")
}
