import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { checkPackage, createPackageFromTarballData, type Problem } from "@arethetypeswrong/core"
import { publint } from "publint"
import { formatMessage } from "publint/utils"
import { packageFolders } from "./manifest.ts"

/** A package as it would be uploaded. */
export interface Tarball {
  readonly name: string
  readonly version: string
  readonly filename: string
}

/** Packs every package below `root` that is published, as pnpm uploads it: `workspace:` replaced by versions. */
export const packAll = (root: string, destination: string): ReadonlyArray<Tarball> => {
  const filters = packageFolders(root).flatMap((folder) => [
    "--filter",
    `./${relative(root, folder).replaceAll("\\", "/")}`
  ])
  const args = ["-y", "pnpm@12", "-r", ...filters, "pack", "--json", "--pack-destination", destination]
  const { status, stdout, stderr, error } = spawnSync("npx", args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    shell: process.platform === "win32"
  })
  if (status !== 0) throw new Error(`pnpm pack failed: ${error?.message ?? stderr}${stdout}`)
  return JSON.parse(stdout)
}

/** What an ES module cannot be: found by `node10`'s resolution in a subpath, or required by CommonJS without a word. */
const ofEsmOnly: ReadonlyArray<Problem["kind"]> = ["CJSResolvesToESM"]

const isOfEsmOnly = (problem: Problem): boolean =>
  ofEsmOnly.includes(problem.kind) || ("resolutionKind" in problem && problem.resolutionKind === "node10")

const placeOf = (problem: Problem): string =>
  "entrypoint" in problem ? `${problem.entrypoint} (${problem.resolutionKind})` : problem.kind

/** What publint and "are the types wrong" have against tarballs; for users of ES modules and no others. */
export const checkResolution = async (tarballs: ReadonlyArray<Tarball>): Promise<ReadonlyArray<string>> => {
  const found: string[] = []
  for (const { name, filename } of tarballs) {
    const data = Uint8Array.from(readFileSync(join(filename)))
    const { messages, pkg } = await publint({ pack: { tarball: data.buffer }, strict: true })
    for (const message of messages) found.push(`${name}: publint: ${formatMessage(message, pkg) ?? message.code}`)
    const analysis = await checkPackage(createPackageFromTarballData(data))
    if (!analysis.types) found.push(`${name}: attw: has no types`)
    const problems = analysis.types ? analysis.problems.filter((problem) => !isOfEsmOnly(problem)) : []
    for (const problem of problems) found.push(`${name}: attw: ${problem.kind} at ${placeOf(problem)}`)
  }
  return found
}
