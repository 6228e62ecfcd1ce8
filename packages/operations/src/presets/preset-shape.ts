import { z } from "zod"
import type { Field } from "../input/field.ts"
import { type Presets, presetFields } from "./preset.ts"

const one = z.union([z.string().min(1), z.number()])

const shapeOf = ({ type, repeats }: Field): z.ZodType => {
  if (type === "switch") return z.boolean()
  if (type === "variables") return z.array(z.string().regex(/^[A-Za-z_]\w*$/, "is no name of a variable"))
  return repeats ? z.union([one, z.array(one)]) : one
}

/** The presets of a config file. What a value means is looked into where it is used. */
export const presetsShape: z.ZodType<Presets> = z.record(
  z.string().regex(/^[A-Za-z0-9][\w.-]*$/, "is no name of a preset"),
  z.strictObject(
    Object.fromEntries(Object.entries(presetFields).map(([name, field]) => [name, shapeOf(field).optional()]))
  )
)
