import { writeFile } from "node:fs/promises"
import { Usage } from "./own-errors.ts"

/** Writes a report into a file, in place of what was there. Throws `Usage` where that file cannot be written. */
export const writeReport = async (file: string, html: Promise<string>): Promise<void> => {
  const text = await html
  await writeFile(file, text).catch((error: unknown) => {
    throw new Usage(`--html ${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`)
  })
}
