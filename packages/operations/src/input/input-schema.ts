import { z } from "zod"
import type { Field, Fields, ValueType } from "./field.ts"

const text = z.string().min(1)
const port = z.int().min(1).max(65_535)

/** The schema of each type of value in JSON, with the field that it is for. */
const schemas: { readonly [T in ValueType]: (field: Field) => z.ZodType } = {
  ...{ text: () => text, name: () => text, image: () => text, place: () => text, country: () => text },
  ...{ gpu: () => text, offer: () => text, machine: () => text, script: () => text, "public-key": () => text },
  ...{
    money: () => text,
    duration: () => text,
    size: () => text,
    bandwidth: () => text,
    version: () => text,
    time: () => text,
    file: () => text,
    volume: () => text,
    "existing-volume": () => text,
    tag: () => text,
    forwarding: () => text
  },
  choice: ({ choices = [] }) => z.enum(choices),
  count: ({ least = 1 }) => z.int().min(least),
  speed: () => z.number().positive(),
  share: () => z.number().min(0).max(1),
  switch: () => z.boolean(),
  port: () => z.strictObject({ port, protocol: z.enum(["tcp", "udp", "http"]).default("tcp") }),
  "port-number": () => port,
  variables: () => z.record(z.string(), z.string()),
  words: () => z.array(z.string())
}

const schemaOf = (field: Field): z.ZodType => {
  const one = schemas[field.type](field)
  const schema = field.repeats ? z.union([one, z.array(one)]) : one
  return (field.required ? schema : schema.optional()).describe(field.description)
}

/**
 * What is written in JSON for an operation with these fields, as a schema: for tools, routes and what documents them.
 *
 * - Amounts, sizes and lengths of time are texts, as people write them. What they mean is looked into by `readInput`, which
 *   says how to write them.
 * - An unknown name is refused.
 */
export const inputSchema = (fields: Fields): z.ZodObject =>
  z.strictObject(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, schemaOf(field)])))
