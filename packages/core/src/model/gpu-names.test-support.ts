import fc from "fast-check"
import { gpuModels } from "./gpu-models.ts"

/** Every name of the table with its row. */
export const named = gpuModels.flatMap((row) => [row.model, ...row.aliases].map((name) => ({ row, name })))

/** The same name with each letter's case, each gap and the vendor's words written otherwise. */
export const spelled = fc
  .tuple(
    fc.constantFrom(...named),
    fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
    fc.array(fc.constantFrom("", " ", "_", "-", "  "), { minLength: 12, maxLength: 12 }),
    fc.nat({ max: 3 })
  )
  .map(([{ row, name }, upper, gaps, prefix]) => {
    const words = { nvidia: ["", "NVIDIA ", "nvidia_", "NVIDIA GeForce "], amd: ["", "AMD ", "amd-", ""] } as const
    const before = row.vendor === "nvidia" || row.vendor === "amd" ? words[row.vendor][prefix] : ""
    const cased = [...name].map((letter, at) => (upper[at] ? letter.toUpperCase() : letter.toLowerCase())).join("")
    let gap = 0
    const text = cased.replace(/[\s-]/g, () => gaps[gap++] ?? " ")
    return { row, text: `${/^(\d|GeForce)/.test(name) ? before?.replace("GeForce ", "") : before}${text}` }
  })
