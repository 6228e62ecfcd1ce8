import { copy, type InputOf } from "@anygpu/operations"
import { answering } from "../command/answering.ts"
import type { copyFields } from "../command/using-fields.ts"
import { loggingInWith } from "../connect.ts"
import type { Context } from "../context.ts"
import { Usage } from "../own-errors.ts"
import { plain } from "../plain.ts"

const units = ["bytes", "kB", "MB", "GB", "TB"] as const

/** Bytes as people read them. */
const bytesText = (bytes: number): string => {
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`
}

const filesText = (count: number): string => (count === 1 ? "1 file" : `${count} files`)

/** So much of what was left out is named; the rest is counted. */
const mostSkipped = 10

const answer = answering(copy, (_, { to, files, bytes, unchanged, skipped }) => {
  const others = unchanged === 0 ? "" : `; ${unchanged} ${unchanged === 1 ? "was" : "were"} there already`
  const more = skipped.length > mostSkipped ? [`and ${skipped.length - mostSkipped} more were left out`] : []
  return {
    text: () => `${filesText(files)} (${bytesText(bytes)}) copied to ${plain(to)}${others}`,
    notes: [...skipped.slice(0, mostSkipped).map(({ path, reason }) => plain(`left out: ${path}: ${reason}`)), ...more]
  }
})

/** `anygpu cp`: copies files and folders to a machine or from it. */
export const run = async (context: Context, { paths, ...input }: InputOf<typeof copyFields>): Promise<number> => {
  const [from, to] = [paths.slice(0, -1), paths.at(-1)]
  if (to === undefined || from.length === 0) throw new Usage("write what is copied, and then where to")
  return await answer(loggingInWith(context, input), { ...input, from, to })
}
