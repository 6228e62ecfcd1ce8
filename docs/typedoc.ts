import { readdirSync } from "node:fs"
import { Application, Converter, ReflectionKind, type TypeDocOptions } from "typedoc"
import type { PluginOptions } from "typedoc-plugin-markdown"

/** The clouds, each of which has a page of its own in the folder of that name, and its adapter in a package. */
const clouds = readdirSync(new URL("clouds", import.meta.url))
  .map((page) => page.replace(/\.md$/, ""))
  .sort()

/** The entry of each package by the name it is imported by, in the order of the pages. */
const entries: Readonly<Record<string, string>> = {
  anygpu: "sdk/src/index.ts",
  "anygpu/report": "sdk/src/report.ts",
  "anygpu/sqlite": "sdk/src/sqlite.ts",
  "anygpu/effect": "sdk/src/effect.ts",
  "@anygpu/clouds": "clouds/src/index.ts",
  "@anygpu/clouds/simulated": "clouds/src/simulated.ts",
  ...Object.fromEntries(clouds.map((name) => [`@anygpu/${name}`, `${name}/src/index.ts`])),
  "@anygpu/core": "core/src/index.ts",
  "@anygpu/core/adapter": "core/src/adapter/index.ts",
  "@anygpu/core/cloud": "core/src/describe-cloud.ts",
  "@anygpu/core/ledger": "core/src/ledger/index.ts",
  "@anygpu/memory": "memory/src/index.ts",
  "@anygpu/postgres": "postgres/src/index.ts",
  "@anygpu/postgres/testing": "postgres/src/real-server.ts",
  "@anygpu/ssh": "ssh/src/index.ts",
  "@anygpu/ssh/effect": "ssh/src/effect.ts",
  "@anygpu/operations": "operations/src/index.ts",
  "@anygpu/operations/run": "operations/src/run.ts",
  "@anygpu/operations/json": "operations/src/json.ts",
  "@anygpu/operations/protocol": "operations/src/protocol/index.ts",
  "@anygpu/simulators": "simulators/src/index.ts",
  "@anygpu/conformance": "conformance/src/index.ts"
}

/** The name of a page's file: `@anygpu/core/adapter` becomes `anygpu-core-adapter`. */
export const slugOf = (name: string): string => name.replace("@", "").replaceAll("/", "-")

/** What there is a page of. */
export const packageNames: ReadonlyArray<string> = Object.keys(entries)

/** Writes a page for each entry of each package, from its doc comments, into a folder. */
export const writeApiReference = async (folder: string): Promise<void> => {
  const fileOf = (entry: string) => new URL(`../packages/${entry}`, import.meta.url).pathname
  const options: TypeDocOptions & PluginOptions = {
    tsconfig: new URL("tsconfig.typedoc.json", import.meta.url).pathname,
    entryPoints: Object.values(entries).map(fileOf),
    plugin: ["typedoc-plugin-markdown"],
    // The compiler of the repository has checked them; this one only reads them.
    skipErrorChecking: true,
    readme: "none",
    disableSources: true,
    // What an error inherits from Effect and from JavaScript is theirs to document.
    excludeExternals: true,
    router: "module",
    out: folder,
    entryFileName: "index",
    sort: ["alphabetical"],
    groupOrder: ["Functions", "Interfaces", "Classes", "Type Aliases", "Variables"],
    hidePageHeader: true,
    hideBreadcrumbs: true,
    // Of two names that differ in case alone, VitePress would not give both the anchors that TypeDoc links to.
    useHTMLAnchors: true,
    useCodeBlocks: true,
    expandObjects: false,
    interfacePropertiesFormat: "table",
    propertyMembersFormat: "table",
    parametersFormat: "table",
    enumMembersFormat: "table",
    typeDeclarationFormat: "table",
    tableColumnSettings: { hideSources: true, hideModifiers: true, hideInherited: true, hideOverrides: true },
    pageTitleTemplates: { module: ({ rawName }) => packageNames.find((name) => slugOf(name) === rawName) ?? rawName },
    logLevel: "Warn"
  }
  const app = await Application.bootstrapWithPlugins(options)
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    // TypeDoc calls a module by its path within what all entries share: `core/src/adapter` for core/src/adapter/index.ts.
    for (const module of project.children ?? []) {
      const [name] =
        Object.entries(entries).find(([, path]) => path.replace(/(\/index)?\.ts$/, "") === module.name) ?? []
      if (name === undefined) throw new Error(`${module.name} is no entry of the API reference`)
      module.name = slugOf(name)
    }
    // Nobody makes an error by the constructor that it inherits.
    for (const made of project.getReflectionsByKind(ReflectionKind.Constructor)) {
      if (made.flags.isInherited) project.removeReflection(made)
    }
  })
  const project = await app.convert()
  if (!project) throw new Error("the packages cannot be read")
  await app.generateOutputs(project)
}
