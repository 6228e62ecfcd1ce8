import { type FoundGpu, foundGpu, type GpuReading, unknownGpus } from "./gpu-reading.ts"
import { nvidiaFailure } from "./nvidia-text.ts"
import { slowdownsIn } from "./slowdown.ts"
import { isBroken, numberIn, wordIn } from "./value.ts"

/** The fields that every driver since 2014 knows. A field that a driver does not know ends its whole answer. */
export const csvFields: ReadonlyArray<string> = [
  "count",
  "name",
  "driver_version",
  "memory.total",
  "pcie.link.gen.current",
  "pcie.link.gen.max",
  "pcie.link.width.current",
  "pcie.link.width.max",
  "power.limit",
  "power.default_limit",
  "ecc.errors.uncorrected.volatile.total",
  "ecc.errors.uncorrected.aggregate.total"
]

/** The field of drivers since 2020 that tells of divided cards. */
export const csvMigField = "mig.mode.current"

type Row = ReadonlyMap<string, string>

const slowdownsOf = (row: Row): ReadonlyArray<string> | null => {
  const reasons = [...row].filter(([field]) => /^clocks_(?:event|throttle)_reasons\./.test(field))
  return reasons.length === 0 ? null : slowdownsIn(reasons)
}

const gpuOf = (row: Row): FoundGpu => {
  const name = wordIn(row.get("name"))
  const mig = row.get(csvMigField)
  return foundGpu({
    names: name === null ? [] : [name],
    memoryMiB: numberIn(row.get("memory.total"), "MiB"),
    isDivided: mig === "Enabled" ? true : mig === "Disabled" ? false : null,
    newEccErrors: numberIn(row.get("ecc.errors.uncorrected.volatile.total")),
    allEccErrors: numberIn(row.get("ecc.errors.uncorrected.aggregate.total")),
    slowdowns: slowdownsOf(row),
    powerLimit: numberIn(row.get("power.limit"), "W"),
    usualPowerLimit: numberIn(row.get("power.default_limit"), "W"),
    lanes: numberIn(row.get("pcie.link.width.current")),
    mostLanes: numberIn(row.get("pcie.link.width.max")),
    generation: numberIn(row.get("pcie.link.gen.current")),
    highestGeneration: numberIn(row.get("pcie.link.gen.max")),
    brokenFields: [...row].flatMap(([field, text]) => (isBroken(text) ? [field] : []))
  })
}

/** The rows of a table, by the names of its first line without their units; null where a row is not whole. */
const rowsOf = (table: string): ReadonlyArray<Row> | null => {
  const [header = "", ...lines] = table.replace(/\r\n/g, "\n").trimEnd().split("\n")
  const fields = header.split(", ").map((field) => field.replace(/ \[[^\]]*\]$/, ""))
  const rows = lines.map((line) => line.split(", "))
  if (rows.some((row) => row.length !== fields.length)) return null
  return rows.map((row) => new Map(fields.map((field, index) => [field, row[index] ?? ""])))
}

/** The table in what nvidia-smi wrote: from its first line on, which names the fields. */
const tableIn = (text: string): string | null => {
  const from = /^[a-z][\w.]*(?: \[[^\]]*\])?(?:, [a-zA-Z][\w.]*(?: \[[^\]]*\])?){3,}\r?$/m.exec(text)?.index
  return from === undefined ? null : text.slice(from)
}

/**
 * Reads what `nvidia-smi --query-gpu=... --format=csv` wrote.
 *
 * - The last line has to end with a line break, every row has to have all fields, and there have to be as many rows as
 *   `count` says: else it is `unknown`, since a part was lost.
 */
export const readNvidiaCsv = (text: string): GpuReading => {
  const table = tableIn(text)
  if (table === null) return nvidiaFailure(text) ?? unknownGpus("what nvidia-smi wrote is no table")
  const rows = rowsOf(table)
  const [first] = rows ?? []
  const isWhole = table.endsWith("\n") && rows?.every((row) => numberIn(row.get("count")) === rows.length)
  if (!rows || !first || !isWhole) return nvidiaFailure(text) ?? unknownGpus("the table of nvidia-smi is not whole")
  return {
    state: "read",
    gpus: rows.map(gpuOf),
    attached: rows.length,
    driver: wordIn(first.get("driver_version")),
    cuda: null,
    said: ""
  }
}
