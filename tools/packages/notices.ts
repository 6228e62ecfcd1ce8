import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"

/** The file with the licences of what is in a bundle, beside the bundle. */
export const noticesFile = "THIRD_PARTY_NOTICES.txt"

/** A package of somebody else that is in a bundle. */
interface Bundled {
  readonly name: string
  readonly version: string
  readonly licence: string
  /** Its licence as it ships it; null where it ships none. */
  readonly text: string | null
}

const inPackage = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/@][^/]*)\//

/** The folders of the packages whose files were bundled. */
const foldersOf = (inputs: Iterable<string>): ReadonlyArray<string> => [
  ...new Set(Array.from(inputs).flatMap((file) => inPackage.exec(resolve(file))?.[1] ?? []))
]

const isLicence = (file: string): boolean => /^(licen[cs]e|copying|notice)([.-].*)?$/i.test(file)

const licenceOf = (folder: string): Bundled => {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
  const { name, version, license } = Object(manifest) as Readonly<Record<string, unknown>>
  const files = readdirSync(folder).filter(isLicence).sort()
  const text = files.map((file) => readFileSync(join(folder, file), "utf8").trim()).join("\n\n")
  return { name: String(name), version: String(version), licence: String(license ?? "unknown"), text: text || null }
}

/**
 * The licences of everything of others in a bundle, as its makers ask for.
 *
 * - Throws where a package says neither its licence nor ships one: it may not be given away.
 */
export const noticesOf = (inputs: Iterable<string>): string => {
  const all = foldersOf(inputs)
    .map(licenceOf)
    .sort((a, b) => (a.name === b.name ? a.version.localeCompare(b.version) : a.name.localeCompare(b.name)))
  const unknown = all.filter(({ licence, text }) => licence === "unknown" && text === null)
  if (unknown.length > 0) throw new Error(`no licence is known of ${unknown.map(({ name }) => name).join(", ")}`)
  const parts = all.map(
    ({ name, version, licence, text }) =>
      `${name} ${version} (${licence})\n\n${text ?? `It ships no text of its licence, which is ${licence}.`}`
  )
  const head = "The anygpu command holds code of the packages below, under their licences."
  return `${[head, ...parts].join(`\n\n${"-".repeat(80)}\n\n`)}\n`
}

/** A plugin of esbuild that writes {@link noticesFile} beside what is built. */
export const noticesPlugin = (outDir: string) => ({
  name: "notices",
  setup: (build: {
    readonly initialOptions: { metafile?: boolean }
    onEnd(
      done: (result: { readonly metafile?: { readonly inputs: Readonly<Record<string, unknown>> } | undefined }) => void
    ): void
  }) => {
    build.initialOptions.metafile = true
    build.onEnd(({ metafile }) => {
      if (!metafile) return
      mkdirSync(outDir, { recursive: true })
      writeFileSync(join(outDir, noticesFile), noticesOf(Object.keys(metafile.inputs)))
    })
  }
})
