import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, describe, expect, test } from "vitest"
import { checkImports } from "./check-imports.ts"

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const entry = (file: string) => ({ "anygpu-source": `./src/${file}` })
const library = (name: string, more: object = {}) => ({ name, exports: { ".": entry("index.ts") }, ...more })
const onCore = { dependencies: { "@anygpu/core": "workspace:*" } }

/** Packages and files that break no rule. */
const clean: Readonly<Record<string, string | object>> = {
  "package.json": { name: "root", devDependencies: { vitest: "1" } },
  "packages/core/package.json": library("@anygpu/core", {
    exports: { ".": entry("index.ts"), "./adapter": entry("adapter/index.ts") },
    imports: { "#default-transport": { node: entry("adapter/transport.node.ts"), default: entry("adapter/web.ts") } },
    dependencies: { undici: "8", zod: "4" },
    peerDependencies: { effect: "4" }
  }),
  "packages/core/src/index.ts":
    'import * as Effect from "effect/Effect"\nimport type * as z from "zod"\nexport { a } from "./a.ts"\n',
  "packages/core/src/a.ts": "export const a = 1\n",
  "packages/core/src/adapter/index.ts": 'export { send } from "#default-transport"\nexport * as z from "zod"\n',
  "packages/core/src/adapter/transport.node.ts": 'import { request } from "undici"\nimport "node:net"\n',
  "packages/core/src/adapter/web.ts": "export const send = 1\n",
  "packages/vast/package.json": library("@anygpu/vast", { ...onCore, devDependencies: { "@anygpu/simulators": "1" } }),
  "packages/vast/src/index.ts":
    'import { a } from "@anygpu/core"\n// setTimeout, console and process.env in a comment\n',
  "packages/vast/src/a.test.ts": 'import { test } from "vitest"\nimport "@anygpu/simulators"\nsetTimeout(() => 1)\n',
  "packages/fluence/package.json": library("@anygpu/fluence", onCore),
  "packages/fluence/src/index.ts": 'import "@anygpu/core/adapter"\nexport const advice = "never JSON.parse"\n',
  "packages/sdk/package.json": library("anygpu", { ...onCore, devDependencies: { "@anygpu/vast": "1" } }),
  "packages/sdk/src/index.ts": 'export * from "@anygpu/core"\n',
  "packages/sdk/src/index.test.ts": 'import { vast } from "@anygpu/vast"\n',
  "packages/cli/package.json": library("@anygpu/cli", { dependencies: { anygpu: "1", "@anygpu/simulators": "1" } }),
  "packages/cli/src/index.ts": 'import "anygpu"\nconst later = () => import("@anygpu/simulators")\n',
  "packages/simulators/package.json": library("@anygpu/simulators", {
    imports: { "#serve": { node: entry("server.ts"), default: entry("server.web.ts") } }
  }),
  "packages/simulators/src/index.ts": 'const serve = () => import("#serve")\n',
  "packages/simulators/src/server.ts": 'import "node:http"\n',
  "packages/simulators/src/server.web.ts": "export const serve = 1\n",
  "packages/conformance/package.json": library("@anygpu/conformance", onCore),
  "packages/conformance/src/index.ts": 'import "@anygpu/core"\n'
}

/** Declarations of an effect with a stable module, an unstable one, and an unstable export in the stable one. */
const effect: Readonly<Record<string, string>> = Object.fromEntries(
  ["core", "simulators"].flatMap((name) => {
    const folder = `packages/${name}/node_modules/effect/dist`
    const tagged = (tag: string, code: string) => `/**\n * Text.\n *\n * @stability ${tag}\n */\n${code}\n`
    return [
      [
        `${folder}/Effect.d.ts`,
        tagged("stable", "import type * as A from './A.ts'") +
          tagged("stable", "export declare const succeed: 1") +
          tagged("unstable", "export declare const withPlan: {\n  a: 1\n}") +
          tagged("unstable", "declare const fn: 1\nexport {\n") +
          tagged("unstable", "fn as fnOld }")
      ],
      [`${folder}/Terminal.d.ts`, tagged("unstable", "export declare const read: 1")],
      [
        `${folder}/testing/index.d.ts`,
        'export * as TestClock from "./TestClock.js"\nexport * as TestX from "./TestX.js"\n'
      ],
      [`${folder}/testing/TestClock.d.ts`, tagged("stable", "export declare const adjust: 1")],
      [`${folder}/testing/TestX.d.ts`, tagged("unstable", "export declare const x: 1")]
    ]
  })
)

/** The violations of a tree that is clean but for these files. */
const violationsOf = (changes: Readonly<Record<string, string | object>>): ReadonlyArray<string> => {
  const root = mkdtempSync(join(tmpdir(), "imports-"))
  folders.push(root)
  for (const [path, content] of Object.entries({ ...clean, ...effect, ...changes })) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content))
  }
  return checkImports(root).violations.map(({ file, line, rule }) => `${file}:${line}  ${rule}`)
}

test("a clean tree has no violation", () => {
  expect(violationsOf({})).toEqual([])
})

const core = "packages/core/src/b.ts"
const adapter = "packages/vast/src/b.ts"
const reached = { "packages/core/src/a.ts": 'import "./b.ts"\n' }

const cases: ReadonlyArray<readonly [string, Readonly<Record<string, string | object>>, string]> = [
  [
    "a text becomes code",
    { "packages/core/src/b.test.ts": '// eval("1")\nconst a = "eval(1)"\nconst b = globalThis.eval("1")' },
    "packages/core/src/b.test.ts:3  no text becomes code"
  ],
  [
    "a text becomes a function",
    { [adapter]: 'const a = new Function("return 1")' },
    `${adapter}:1  no text becomes code`
  ],
  [
    "a text becomes a script",
    { "packages/cli/src/b.ts": 'import { runInThisContext } from "node:vm"' },
    "packages/cli/src/b.ts:1  no text becomes code"
  ],
  ["core imports ours", { [core]: 'import "anygpu"' }, `${core}:1  @anygpu/core must not import anygpu`],
  [
    "core's tests import ours",
    { "packages/core/src/b.test.ts": 'import "@anygpu/vast"' },
    "packages/core/src/b.test.ts:1  @anygpu/core must not import @anygpu/vast in tests"
  ],
  [
    "an adapter imports another",
    { [adapter]: '\nimport type { A } from "@anygpu/fluence"' },
    `${adapter}:2  @anygpu/vast must not import @anygpu/fluence`
  ],
  [
    "an adapter's tests import another",
    { "packages/vast/src/b.test.ts": 'import "@anygpu/fluence"' },
    "packages/vast/src/b.test.ts:1  @anygpu/vast must not import @anygpu/fluence in tests"
  ],
  [
    "an adapter ships a simulator",
    { [adapter]: 'export * from "@anygpu/simulators"' },
    `${adapter}:1  @anygpu/vast must not import @anygpu/simulators`
  ],
  [
    "the SDK imports an adapter",
    { "packages/sdk/src/b.ts": 'const a = await import("@anygpu/vast")' },
    "packages/sdk/src/b.ts:1  anygpu must not import @anygpu/vast"
  ],
  [
    "a simulator imports effect",
    { "packages/simulators/src/b.ts": 'import * as Effect from "effect/Effect"' },
    "packages/simulators/src/b.ts:1  @anygpu/simulators must not import effect"
  ],
  [
    "a simulator's tests import core",
    { "packages/simulators/src/b.test.ts": 'import "@anygpu/core"' },
    "packages/simulators/src/b.test.ts:1  @anygpu/simulators must not import @anygpu/core in tests"
  ],
  [
    "the suite imports a simulator",
    { "packages/conformance/src/b.ts": 'import "@anygpu/simulators"' },
    "packages/conformance/src/b.ts:1  @anygpu/conformance must not import @anygpu/simulators"
  ],
  [
    "the command goes past the SDK",
    { "packages/cli/src/b.ts": 'import "@anygpu/core"' },
    "packages/cli/src/b.ts:1  @anygpu/cli must not import @anygpu/core"
  ],
  [
    "the SDK imports the command",
    { "packages/sdk/src/b.ts": 'import "@anygpu/cli"' },
    "packages/sdk/src/b.ts:1  anygpu must not import @anygpu/cli"
  ],
  [
    "a deep import",
    { [adapter]: 'import "@anygpu/core/src/a.ts"' },
    `${adapter}:1  @anygpu/core/src/a.ts is inside @anygpu/core`
  ],
  [
    "a relative path into another package",
    { [adapter]: 'import "../../core/src/a.ts"' },
    `${adapter}:1  no relative path out of the package`
  ],
  [
    "what the list of clouds may read, out of another package",
    { [adapter]: 'import "../../core/src/documented.test-support.ts"' },
    `${adapter}:1  no relative path out of the package`
  ],
  [
    "a package by its own name",
    { [adapter]: 'import "@anygpu/vast"' },
    `${adapter}:1  no import of the package by its own name`
  ],
  [
    "core's root reaches Node",
    { ...reached, [core]: 'import { readFile } from "node:fs"' },
    `${core}:1  @anygpu/core must not reach node:fs`
  ],
  [
    "core's root reaches undici by an inline type import, which stays",
    { ...reached, [core]: 'import { type Agent } from "undici"' },
    `${core}:1  @anygpu/core must not reach undici`
  ],
  [
    "core's root reaches zod when it is used",
    { ...reached, [core]: 'const z = await import("zod")' },
    `${core}:1  @anygpu/core must not reach zod`
  ],
  [
    "the adapter entry reaches undici beside its gate",
    { "packages/core/src/adapter/web.ts": "", "packages/core/src/adapter/index.ts": 'import "./transport.node.ts"' },
    "packages/core/src/adapter/transport.node.ts:1  @anygpu/core/adapter must not reach undici"
  ],
  [
    "the web side of the gate reaches undici",
    { "packages/core/src/adapter/web.ts": 'export * from "undici"' },
    "packages/core/src/adapter/web.ts:1  @anygpu/core/adapter must not reach undici"
  ],
  [
    "the SDK's root reaches Node through core",
    { ...reached, [core]: 'import "node:fs"' },
    `${core}:1  anygpu must not reach node:fs`
  ],
  [
    "a simulator reaches Node beside its gate",
    { "packages/simulators/src/index.ts": 'export * from "./server.ts"\nconst serve = () => import("#serve")\n' },
    "packages/simulators/src/server.ts:1  @anygpu/simulators must not reach node:http"
  ],
  [
    "an undeclared package behind a name of package.json",
    {
      "packages/sdk/package.json": library("anygpu", {
        ...onCore,
        imports: { "#csv": { node: "csv-stringify/sync", default: "csv-stringify/browser/esm/sync" } },
        devDependencies: { "@anygpu/vast": "1" }
      }),
      "packages/sdk/src/index.ts": 'import "@anygpu/core"\nimport "#csv"\n'
    },
    "packages/sdk/src/index.ts:2  csv-stringify is not declared"
  ],
  ["an undeclared package", { [adapter]: 'import "zod/mini"' }, `${adapter}:1  zod is not declared`],
  [
    "a dev dependency in code that ships",
    { "packages/simulators/src/b.ts": 'import "vitest"' },
    "packages/simulators/src/b.ts:1  vitest is not declared"
  ],
  [
    "an unused dependency",
    { "packages/fluence/src/index.ts": "" },
    "packages/fluence/package.json:1  @anygpu/core is declared and not used"
  ],
  [
    "an unused dev dependency",
    { "packages/vast/src/a.test.ts": "" },
    "packages/vast/package.json:1  @anygpu/simulators is declared and not used"
  ],
  ["Node's modules without node:", { [core]: 'import "fs"' }, `${core}:1  fs without node:`],
  ["the barrel of effect", { [core]: 'import { Effect } from "effect"' }, `${core}:1  no barrel import of effect`],
  [
    "a barrel of effect in code that ships",
    { [core]: 'import { TestClock } from "effect/testing"' },
    `${core}:1  no barrel import of effect`
  ],
  [
    "an unstable module of effect",
    { [core]: 'import * as Terminal from "effect/Terminal"' },
    `${core}:1  Terminal is not stable in effect`
  ],
  [
    "an unstable export by its namespace",
    { [core]: 'import * as Effect from "effect/Effect"\nEffect.succeed\nEffect.withPlan' },
    `${core}:3  Effect.withPlan is unstable in effect`
  ],
  [
    "an unstable export by its name",
    { [core]: 'import { fnOld } from "effect/Effect"' },
    `${core}:1  Effect.fnOld is unstable in effect`
  ],
  [
    "an unstable module behind the test barrel",
    { "packages/core/src/b.test.ts": 'import { TestClock, TestX } from "effect/testing"\nTestClock.adjust\nTestX.x' },
    "packages/core/src/b.test.ts:3  TestX is not stable in effect"
  ],
  [
    "a module of effect that is not there",
    { [core]: 'import "effect/unstable/http"' },
    `${core}:1  effect/unstable/http does not exist`
  ],
  ...(
    [
      ["setTimeout(() => 1)", "setTimeout"],
      ['Effect.sleep("1 second")', "Effect.sleep"],
      ["Clock.currentTimeMillis", "Clock."],
      ["Date.now()", "Date.now"],
      ["new Date()", "new Date"],
      ["console.log(1)", "console"],
      ["process.env", "process.env"],
      ["JSON.parse(a)", "JSON.parse"],
      ["Effect.retry(a)", "Effect.retry"],
      ["fetch(a)", "fetch"]
    ] as const
  ).map(
    ([code, word]) => [`${word} in an adapter`, { [adapter]: code }, `${adapter}:1  no ${word} in an adapter`] as const
  ),
  ["a long file", { [core]: "\n".repeat(251) }, `${core}:251  longer than 250 lines`]
]

describe("each rule is red", () => {
  test.each(cases)("%s", (_, changes, violation) => {
    expect(violationsOf(changes)).toContain(violation)
  })
})

describe("the name of a cloud", () => {
  const list =
    'export { cloud as fluence } from "@anygpu/fluence/cloud"\nexport { cloud as vast } from "@anygpu/vast/cloud"\n'
  const tree = {
    "packages/clouds/package.json": library("@anygpu/clouds", {
      dependencies: { "@anygpu/fluence": "1", "@anygpu/vast": "1" }
    }),
    "packages/clouds/src/list.ts": list,
    "packages/fluence/package.json": library("@anygpu/fluence", {
      ...onCore,
      exports: { ".": entry("index.ts"), "./cloud": entry("cloud.ts") }
    }),
    "packages/vast/package.json": library("@anygpu/vast", {
      ...{ ...onCore, devDependencies: { "@anygpu/simulators": "1" } },
      exports: { ".": entry("index.ts"), "./cloud": entry("cloud.ts") }
    })
  }
  const about = (name: string) => `no code about ${name} outside its own folders`

  test.each([
    ["a string", "packages/sdk/src/b.ts", 'const a = 1\nconst isOdd = (provider: string) => provider !== "vast"', 2],
    ["a string of a template", "packages/core/src/b.ts", "const a = `vast`", 1],
    ["a member", "tools/b.ts", "const use = (all: any) => all.vast.fault()", 1],
    ["an import by a path", "tools/docs/b.ts", 'import { a } from "../../packages/vast/src/index.ts"', 1],
    ["an import that comes later", "tools/b.ts", 'const later = () => import("./clouds/vast/b.ts")', 1]
  ])("is found as %s", (_, path, code, line) => {
    expect(violationsOf({ ...tree, [path]: code })).toEqual([`${path}:${line}  ${about("vast")}`])
  })

  test("is another cloud's in a cloud's own folder", () => {
    const path = "tools/clouds/fluence/b.ts"
    expect(violationsOf({ ...tree, [path]: 'const a = "vast"\nconst b = "fluence"' })).toEqual([
      `${path}:1  ${about("vast")}`
    ])
  })

  test.each([
    ["its adapter", "packages/vast/src/b.ts", 'const name = "vast"'],
    ["its simulator", "packages/simulators/src/vast/b.ts", 'const name = "vast"'],
    ["its folder of the tools", "tools/clouds/vast/b.ts", 'import { a } from "../../../packages/vast/src/index.ts"'],
    ["a test", "packages/sdk/src/b.test.ts", 'const name = "vast"'],
    ["a comment", "packages/sdk/src/b.ts", '/** Such as `vast({ apiKey })`, "vast". */\nexport const a = 1'],
    ["a longer text", "packages/sdk/src/b.ts", 'const advice = "write vast/container/123"'],
    ["a longer word", "packages/sdk/src/b.ts", "const vastly = 1"]
  ])("may be in %s", (_, path, code) => {
    expect(violationsOf({ ...tree, [path]: code })).toEqual([])
  })
})
