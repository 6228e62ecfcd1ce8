import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor"
import { entriesOf, type PublicEntry, packageFolders } from "./manifest.ts"

/*
 * What each entry of each package exports, as one text per entry in `docs/api`, so that a change of a public signature
 * is seen in review. Made by API Extractor from the declarations that are published.
 */

const fileOf = ({ name }: PublicEntry): string => `${name.replace(/^@/, "").replaceAll("/", "-")}.api.md`

const silent = { default: { logLevel: ExtractorLogLevel.None } }

const configOf = (entry: PublicEntry, reports: string, program: ReadonlyArray<string>): ExtractorConfig =>
  ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(entry.folder, "package.json"),
    configObject: {
      projectFolder: entry.folder,
      mainEntryPointFilePath: join(entry.folder, entry.types),
      newlineKind: "lf",
      apiReport: {
        enabled: true,
        reportFileName: fileOf(entry),
        reportFolder: reports,
        reportTempFolder: join(reports, "temporary"),
        includeForgottenExports: true
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: "es2023",
            lib: ["es2024", "ESNext.Disposable", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
            module: "nodenext",
            types: ["node"],
            strict: true,
            exactOptionalPropertyTypes: true,
            skipLibCheck: true
          },
          files: program
        }
      },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: silent,
        tsdocMessageReporting: silent
      }
    }
  })

/** The text of each report by its file name; needs the declarations. Throws where API Extractor finds an error. */
const reportsOf = (entries: ReadonlyArray<PublicEntry>): ReadonlyMap<string, string> => {
  const folder = mkdtempSync(join(tmpdir(), "api-"))
  try {
    const program = entries.map(({ folder: home, types }) => join(home, types))
    const configs = entries.map((entry) => configOf(entry, folder, program))
    const [first] = configs
    if (!first) return new Map()
    // One program for all of them: most of the time goes into reading what they share.
    const compilerState = CompilerState.create(first, { additionalEntryPoints: program })
    const errors: string[] = []
    for (const config of configs) {
      Extractor.invoke(config, {
        compilerState,
        localBuild: true,
        messageCallback: (message) => {
          if (message.logLevel === ExtractorLogLevel.Error) errors.push(message.text)
          message.handled = true
        }
      })
    }
    if (errors.length > 0) throw new Error(errors.join("\n"))
    return new Map(entries.map((entry) => [fileOf(entry), readFileSync(join(folder, fileOf(entry)), "utf8")]))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const homeOf = (root: string): string => join(root, "docs/api")

/** The reports that differ from what is checked in, by their file names: the text, or null for one too many. */
const differences = (root: string): ReadonlyMap<string, string | null> => {
  const home = homeOf(root)
  const reports = reportsOf(packageFolders(root).flatMap(entriesOf))
  const present = existsSync(home) ? readdirSync(home) : []
  const kept = new Map(present.map((file) => [file, readFileSync(join(home, file), "utf8").replaceAll("\r\n", "\n")]))
  return new Map<string, string | null>([
    ...[...reports].filter(([file, text]) => kept.get(file) !== text),
    ...present.filter((file) => !reports.has(file)).map((file) => [file, null] as const)
  ])
}

/** The first line in which two texts differ, counted from 1. */
const firstDifference = (a: string, b: string): number => {
  const [left, right] = [a.split("\n"), b.split("\n")]
  return left.findIndex((line, index) => line !== right[index]) + 1 || left.length + 1
}

/** Which checked-in reports are not what the packages export. */
export const checkApi = (root: string): ReadonlyArray<string> =>
  [...differences(root)].map(([file, text]) => {
    const path = join(homeOf(root), file)
    if (text === null) return `docs/api/${file}:1  no entry has this report: run pnpm run api:write`
    const line = existsSync(path) ? firstDifference(readFileSync(path, "utf8"), text) : 1
    return `docs/api/${file}:${line}  public signatures changed: run pnpm run api:write and review what it writes`
  })

/** Writes the reports that differ, removes those of no entry, and returns their names. */
export const writeApi = (root: string): ReadonlyArray<string> => {
  mkdirSync(homeOf(root), { recursive: true })
  return [...differences(root)].map(([file, text]) => {
    const path = join(homeOf(root), file)
    if (text === null) rmSync(path)
    else writeFileSync(path, text)
    return file
  })
}

if (import.meta.main) {
  const written = writeApi(resolve(import.meta.dirname, "../.."))
  console.log(written.length === 0 ? "docs/api is up to date" : `docs/api: ${written.join(", ")}`)
}
