import { portField } from "@anygpu/core/adapter"
import * as z from "zod"

const Binding = z.object({
  HostIp: z.string().nullish(),
  HostPort: z.union([portField, z.string().regex(/^[1-9]\d{0,4}$/)]).nullish()
})

/** A port among the variables, as Docker's flags write it. */
const portFlag = /^-p[\s=]/

const namesPort = (pair: unknown): boolean => {
  const name: unknown = Array.isArray(pair) ? pair[0] : pair
  return typeof name === "string" && portFlag.test(name)
}

/** `{"22/tcp": [{"HostPort": "20000"}]}` as its fields are read; a bare list says nothing. */
export const Ports = z.union([z.record(z.string(), z.array(Binding).nullish()), z.array(z.unknown())])

/** Whether a port is among the names of pairs; the pairs themselves, a secret each, are not kept. */
export const namesPorts = z
  .array(z.unknown())
  .nullish()
  .catch(null)
  .transform((pairs) => pairs?.some(namesPort))
