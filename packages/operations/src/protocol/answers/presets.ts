import { z } from "zod"

/** `anygpu presets --json`. */
export const presetListShape = z.object({
  presets: z.array(
    z.object({
      name: z.string(),
      fields: z.record(z.string(), z.union([z.boolean(), z.string(), z.array(z.string())])),
      flaws: z.array(z.string()).describe("values that mean nothing: a launch with them is refused")
    })
  )
})

/** The presets in JSON. */
export type PresetListJson = z.output<typeof presetListShape>
