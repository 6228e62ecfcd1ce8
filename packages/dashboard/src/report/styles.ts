import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"

/** The styles of the page: of the built one beside this file, or its sources. */
const folders = ["page/assets", "../page/assets", "../../page/styles"].map((folder) =>
  join(import.meta.dirname, folder)
)

/** The style of the page, which a report takes along; empty where neither was built nor its sources are there. */
export const pageStyles = async (): Promise<string> => {
  for (const folder of folders) {
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".css"))
    if (names.length === 0) continue
    const texts = await Promise.all(names.sort().map((name) => readFile(join(folder, name), "utf8")))
    return texts.join("\n")
  }
  return ""
}
