import { release, share } from "../descriptor.ts"
import type { Process } from "../process.ts"
import { opened, openIn, pathIn, readAll } from "../system.ts"
import { NoArchive } from "./tar-format.ts"

/** What `tar` is asked for. */
export interface Order {
  readonly mode: "c" | "x" | "t"
  readonly file: string
  readonly folder: string
  readonly names: ReadonlyArray<string>
  readonly verbose: boolean
  readonly zipped: boolean
  readonly keepsRights: boolean
  readonly excluded: ReadonlyArray<string>
  readonly strip: number
}

const longNames: Readonly<Record<string, string>> = {
  create: "c",
  extract: "x",
  get: "x",
  list: "t",
  file: "f",
  directory: "C",
  gzip: "z",
  verbose: "v"
}

/** Reads what `tar` is asked for; the list of names of `-T` is read too. */
export const orderIn = async (process: Process, argv: ReadonlyArray<string>): Promise<Order> => {
  const words = argv.slice(1)
  if (words[0] !== undefined && !words[0].startsWith("-")) words[0] = `-${words[0]}`
  const names: string[] = []
  const excluded: string[] = []
  let [mode, file, folder, letters, strip] = ["", "-", ".", "", 0]
  const take = async (letter: string, value: () => string): Promise<void> => {
    letters += letter
    if ("cxt".includes(letter)) mode = letter
    else if (letter === "f") file = value()
    else if (letter === "C") folder = value()
    else if (letter === "T") {
      const list = value()
      const from = share(list === "-" ? opened(process, 0) : openIn(process, list))
      names.push(
        ...(await readAll(process, from).finally(() => release(from))).toString("utf8").split("\n").filter(Boolean)
      )
    }
  }
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const value = () => words.shift() ?? ""
    if (word.startsWith("--")) {
      const [name = "", given] = word.slice(2).split("=")
      if (name === "exclude") excluded.push(given ?? value())
      else if (name === "strip-components") strip = Number(given ?? value())
      else await take(longNames[name] ?? "", () => given ?? value())
    } else if (word.startsWith("-") && word !== "-") {
      for (let at = 1; at < word.length; at++) {
        const letter = word[at] ?? ""
        const attached = word.slice(at + 1)
        const isLast = "fCT".includes(letter) && attached !== ""
        await take(letter, () => (isLast ? attached : value()))
        if (isLast) break
      }
    } else names.push(word)
  }
  if (mode !== "c" && mode !== "x" && mode !== "t") throw new NoArchive("You must specify one of the '-cxt' options")
  const has = (letter: string) => letters.includes(letter)
  return {
    mode,
    file,
    folder: pathIn(process, folder),
    names,
    verbose: has("v"),
    zipped: has("z"),
    keepsRights: has("p"),
    excluded,
    strip
  }
}
