import { type GpuError, type InstanceRef, withContext } from "@anygpu/core"

/** One error for everything that several leave behind: the first, with the machines and words of the others. */
export const mergeErrors = (first: GpuError, others: ReadonlyArray<GpuError>): GpuError => {
  if (others.length === 0) return first
  const messages = new Set([first, ...others].map(({ message }) => message))
  const refs = [first, ...others].flatMap(({ leftovers = [] }) => leftovers)
  const leftovers: ReadonlyArray<InstanceRef> = [...new Map(refs.map((ref) => [String(ref), ref])).values()]
  const message = [...messages].join(". Besides: ")
  return withContext(first, { message, ...(leftovers.length > 0 && { leftovers }) })
}
