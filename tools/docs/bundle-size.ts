import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { build, type Metafile, type Plugin } from "esbuild"
import { clouds } from "../../packages/clouds/src/index.ts"
import { page, table } from "./markdown.ts"

const root = join(import.meta.dirname, "../..")

/** What a program imports, as lines of a module at the root of the repository. */
const programs: ReadonlyArray<readonly [name: string, ...lines: ReadonlyArray<string>]> = [
  ["`@anygpu/core`", 'export * from "./packages/core/src/index.ts"'],
  ...clouds.map(
    ({ name: cloud }) =>
      [
        `\`@anygpu/core\` and \`@anygpu/${cloud}\``,
        'export * from "./packages/core/src/index.ts"',
        `export * as cloud from "./packages/${cloud}/src/index.ts"`
      ] as const
  ),
  ...clouds
    .slice(-1)
    .map(
      ({ name: cloud }) =>
        [
          `\`createGpu\` and \`@anygpu/${cloud}\``,
          'export { createGpu } from "./packages/sdk/src/index.ts"',
          `export { ${cloud} } from "./packages/${cloud}/src/index.ts"`
        ] as const
    ),
  [
    "all of it: `anygpu`, `/effect`, `/report` and every cloud",
    ...["index", "effect", "report"].map((entry) => `export * as ${entry} from "./packages/sdk/src/${entry}.ts"`),
    ...clouds.map(({ name: cloud }) => `export * as ${cloud} from "./packages/${cloud}/src/index.ts"`)
  ]
]

const owners = ["ours", "effect", "zod", "others"] as const
type Owner = (typeof owners)[number]

/** Whose a file is; the path of a package of others ends in `node_modules/<name>/...`. */
const ownerOf = (path: string): Owner => {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? []
  if (name === undefined) return "ours"
  return name === "effect" || name === "zod" ? name : "others"
}

/** Leaves out every package of others. */
const oursAlone: Plugin = {
  name: "ours-alone",
  setup: ({ onResolve }) => {
    onResolve({ filter: /^[^.#/]/ }, ({ path, kind }) => {
      return kind !== "entry-point" && !path.startsWith("@anygpu/") ? { path, external: true } : null
    })
  }
}

const bundle = async (lines: ReadonlyArray<string>, plugins: Plugin[]) => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: lines.join("\n"), resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    target: "es2023",
    platform: "neutral",
    mainFields: ["module", "main"],
    // Not Node's: a browser and a worker send by their own fetch.
    conditions: ["anygpu-source", "browser", "import", "module", "default"],
    external: ["node:*"],
    plugins,
    logLevel: "error"
  })
  return { code: outputFiles[0]?.contents ?? new Uint8Array(), metafile }
}

const bytesBy = ({ outputs }: Metafile): Readonly<Record<Owner, number>> => {
  const bytes = { ours: 0, effect: 0, zod: 0, others: 0 }
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) bytes[ownerOf(path)] += bytesInOutput
  }
  return bytes
}

const kilobytes = (bytes: number): string => (bytes / 1024).toFixed(1)

const gzipped = (code: Uint8Array): string => kilobytes(gzipSync(code, { level: 9 }).length)

const rowOf = async ([name, ...lines]: readonly [string, ...ReadonlyArray<string>]): Promise<ReadonlyArray<string>> => {
  const whole = await bundle(lines, [])
  const alone = await bundle(lines, [oursAlone])
  const by = bytesBy(whole.metafile)
  return [
    name,
    kilobytes(whole.code.length),
    ...owners.map((owner) => kilobytes(by[owner])),
    gzipped(whole.code),
    gzipped(alone.code)
  ]
}

/** What programs that use the packages weigh. */
export const bundleSizePage = async (): Promise<string> => {
  const rows = await Promise.all(programs.map(rowOf))
  return page(
    "Bundle sizes",
    "What a program in a browser or a worker that imports nothing else weighs: bundled and minified by esbuild, in KiB. On a server nothing needs to be bundled; there undici comes on top.",
    table(["Imports", "Minified", "Ours", "Effect's", "zod's", "Others'", "Gzipped", "Gzipped, ours alone"], rows),
    "What the parts lack of the whole is what esbuild puts between modules. Effect's and zod's parts are shared with a program that uses them itself. A page that differs by less than 2 % of a number counts as up to date."
  )
}

const number = /\d+(?:\.\d+)?/g

/** Whether two pages say the same, with numbers that differ by no more than 2 %. */
export const isNearly = (a: string, b: string): boolean => {
  if (a.replaceAll(number, "#") !== b.replaceAll(number, "#")) return false
  const [left, right] = [a, b].map((text) => Array.from(text.matchAll(number), ([digits]) => Number(digits)))
  return (
    left?.every((value, index) => {
      const other = right?.[index] ?? Number.NaN
      return Math.abs(value - other) <= 0.02 * Math.max(value, other) + 0.1
    }) ?? false
  )
}
