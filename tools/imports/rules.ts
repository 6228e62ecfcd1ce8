/** What a package is for; it decides what it may import. */
export type Role =
  | "core"
  | "clouds"
  | "sdk"
  | "ssh"
  | "simulators"
  | "conformance"
  | "operations"
  | "cli"
  | "store"
  | "keeper"
  | "dashboard"
  | "adapter"
  | "app"

/** Every package under `packages` that is not named here is an adapter of a cloud. */
export const roles: Readonly<Record<string, Role>> = {
  "@anygpu/core": "core",
  "@anygpu/clouds": "clouds",
  anygpu: "sdk",
  "@anygpu/ssh": "ssh",
  "@anygpu/simulators": "simulators",
  "@anygpu/conformance": "conformance",
  "@anygpu/operations": "operations",
  "@anygpu/postgres": "store",
  "@anygpu/keeper": "keeper",
  "@anygpu/dashboard": "dashboard",
  "@anygpu/cli": "cli"
}

/** What a role may import: our own packages by their role, and which packages of others are out of bounds. */
export interface Direction {
  /** Our own packages, in code that ships. */
  readonly ours: ReadonlyArray<Role>
  /** Our own packages that its tests may import on top. */
  readonly oursInTests: ReadonlyArray<Role>
  /** Packages of others that it never imports, in tests neither. */
  readonly never: ReadonlyArray<string>
  readonly advice: string
}

/** Who may import whom. A package may always import itself by its relative paths, and never by its name. */
export const directions: Readonly<Record<Role, Direction>> = {
  core: {
    ours: [],
    oursInTests: [],
    never: [],
    advice: "core is what the others build on: move the shared part into core, or the test to the other package"
  },
  adapter: {
    ours: ["core"],
    oursInTests: ["core", "conformance", "simulators"],
    never: ["undici"],
    advice: "an adapter imports core and no other adapter: move what two adapters share into core"
  },
  store: {
    ours: ["core"],
    oursInTests: ["core", "conformance"],
    never: ["undici", "zod"],
    advice: "a store is tables that know no rule: what it needs of the ledger, core exports"
  },
  keeper: {
    ours: ["core", "sdk"],
    oursInTests: ["core", "sdk", "store", "adapter"],
    never: ["undici", "zod"],
    advice: "a keeper does what the SDK does, when it is woken: a rule about ends belongs into the SDK or the ledger"
  },
  sdk: {
    ours: ["core"],
    oursInTests: ["core", "adapter", "simulators"],
    never: ["undici", "zod"],
    advice: "the SDK takes providers as values: let the caller pass them in"
  },
  ssh: {
    ours: ["core", "sdk"],
    oursInTests: ["core", "sdk", "adapter", "simulators"],
    never: ["undici", "zod"],
    advice: "a machine is used the same way on every cloud: take what is needed of the SDK, and no adapter"
  },
  clouds: {
    ours: ["core", "adapter", "simulators"],
    oursInTests: ["core", "adapter", "simulators", "sdk", "conformance"],
    never: ["undici", "zod"],
    advice: "the list knows the clouds and nothing that uses them"
  },
  conformance: {
    ours: ["core"],
    oursInTests: ["core"],
    never: ["undici", "zod"],
    advice: "the suite knows the contract only: let the adapter's tests pass in a harness"
  },
  simulators: {
    ours: [],
    oursInTests: [],
    never: ["effect", "undici", "zod"],
    advice: "a simulator rests on the vendor's documents: shared code would share its mistakes with the adapters"
  },
  operations: {
    ours: ["core", "sdk", "ssh", "clouds"],
    oursInTests: ["core", "sdk", "ssh", "clouds", "simulators"],
    never: ["undici"],
    advice: "an operation knows the SDK and no face: let the command or the server give it what is theirs"
  },
  dashboard: {
    ours: ["core", "sdk", "ssh", "operations"],
    oursInTests: ["core", "sdk", "ssh", "operations", "adapter", "app"],
    never: ["undici"],
    advice: "a face shows what operations answer: what an account can do belongs into an operation"
  },
  cli: {
    ours: ["sdk", "ssh", "operations", "clouds", "store", "keeper", "dashboard", "adapter", "simulators"],
    oursInTests: ["sdk", "ssh", "operations", "clouds", "store", "keeper", "dashboard", "adapter", "simulators"],
    never: ["undici"],
    advice: "the command line rests on the SDK, as any program does"
  },
  app: {
    ours: [
      "sdk",
      "ssh",
      "core",
      "clouds",
      "store",
      "keeper",
      "dashboard",
      "adapter",
      "simulators",
      "conformance",
      "operations"
    ],
    oursInTests: [
      "sdk",
      "ssh",
      "core",
      "clouds",
      "store",
      "keeper",
      "dashboard",
      "adapter",
      "simulators",
      "conformance",
      "operations"
    ],
    never: [],
    advice: "use what the packages export"
  }
}

/**
 * What the tests of the list of clouds read in each cloud's own folder: the words of its documents. It does not ship, so it has
 * no name by which another package could import it.
 */
export const readByTheList = "documented.test-support.ts"

/** An entry from which code ships, and what must not be reached from it, however indirectly. */
export interface Entry {
  readonly package: string
  /** The key in `exports` of its package.json. */
  readonly export: string
  readonly never: ReadonlyArray<string>
  /** The keys in `imports` of its package.json whose file for Node may reach all that: elsewhere another one is taken. */
  readonly gates: ReadonlyArray<string>
  readonly advice: string
}

/** What must run where there is no Node: type imports leave no trace and do not count. */
export const entries: ReadonlyArray<Entry> = [
  {
    package: "@anygpu/core",
    export: ".",
    never: ["node:", "undici", "zod"],
    gates: [],
    advice:
      "the root entry of core does no I/O: move the import below src/adapter or src/sqlite, or make it a type import"
  },
  {
    package: "@anygpu/core",
    export: "./adapter",
    never: ["node:", "undici"],
    gates: ["#default-transport"],
    advice: "only default-transport.node.ts may reach undici and Node: import #default-transport"
  },
  {
    package: "anygpu",
    export: ".",
    never: ["node:", "undici", "zod"],
    gates: [],
    advice: "the SDK's root entry must run in a browser: put what needs Node behind an entry of its own"
  },
  {
    package: "anygpu",
    export: "./effect",
    never: ["node:", "undici", "zod"],
    gates: [],
    advice: "this entry must run in a browser: put what needs Node behind an entry of its own"
  },
  {
    package: "anygpu",
    export: "./report",
    never: ["node:", "undici", "zod"],
    gates: [],
    advice: "a report is made in browsers too"
  },
  {
    package: "@anygpu/core",
    export: "./cloud",
    never: ["node:", "undici", "zod"],
    gates: [],
    advice: "a description loads nothing: load the adapter in `open`"
  },
  {
    package: "@anygpu/operations",
    export: "./protocol",
    never: ["node:", "undici"],
    gates: [],
    advice: "a page in a browser reads answers by these: put what needs Node into the operation"
  },
  {
    package: "@anygpu/dashboard",
    export: "./protocol",
    never: ["node:", "undici"],
    gates: [],
    advice: "the page reads by these: what needs Node is the server's"
  },
  {
    package: "@anygpu/operations",
    export: "./failure",
    never: ["node:", "undici", "zod", "effect"],
    gates: [],
    advice: "an error is printed before anything is loaded"
  },
  {
    package: "@anygpu/operations",
    export: "./encode",
    never: ["node:", "undici", "zod"],
    gates: [],
    advice: "an answer is written without its schema"
  },
  {
    package: "@anygpu/clouds",
    export: "./simulated",
    never: ["node:", "undici"],
    gates: ["#default-transport", "#serve", "#machines"],
    advice: "the list of clouds runs in a browser too"
  },
  {
    package: "@anygpu/simulators",
    export: ".",
    never: ["node:"],
    gates: ["#serve", "#machines"],
    advice:
      "a simulator runs in a browser: only kit/server.ts and kit/machine may reach Node, behind #serve and #machines"
  },
  {
    package: "@anygpu/simulators",
    export: "./kit",
    never: ["node:"],
    gates: ["#serve", "#machines"],
    advice:
      "a simulator runs in a browser: only kit/server.ts and kit/machine may reach Node, behind #serve and #machines"
  },
  {
    package: "@anygpu/simulators",
    export: "./msw",
    never: ["node:"],
    gates: ["#serve", "#machines"],
    advice:
      "these handlers are for msw in a browser too: only kit/server.ts and kit/machine may reach Node, behind #serve and #machines"
  }
]

/** What the code of a role does not do itself, because core does it once; tests may. */
export const words: ReadonlyArray<{ readonly role: Role; readonly word: RegExp; readonly advice: string }> = [
  {
    role: "adapter",
    word: /\b(setTimeout|setInterval|setImmediate)\b/,
    advice: "core waits; state a limit or a timing"
  },
  { role: "adapter", word: /\b(?:Effect\s*\.\s*)?(sleep|delay)\s*\(/, advice: "core waits; state a limit or a timing" },
  { role: "adapter", word: /\bEffect\s*\.\s*(retry|repeat|schedule)\w*/, advice: "state `repeat` on the endpoint" },
  {
    role: "adapter",
    word: /\b(Clock|Schedule)\s*\./,
    advice: "core reads clocks: use the `now` that `facts` is given"
  },
  { role: "adapter", word: /\b(Date\s*\.\s*now|new Date|performance)\b/, advice: "core reads clocks" },
  { role: "adapter", word: /\bconsole\b/, advice: "say it in an error or a problem of the listing" },
  { role: "adapter", word: /\bprocess\s*\.\s*\w+/, advice: "take it as an option of the factory" },
  { role: "adapter", word: /\bJSON\s*\.\s*parse\b/, advice: "use the caller's decoding, or jsonText" },
  { role: "adapter", word: /\bfetch\s*\(/, advice: "call an endpoint through the caller" }
]

/** The longest a file may be. */
export const mostLines = 250

/** Files that may be longer, and why. A reason that no longer holds is a violation too. */
export const longFiles: Readonly<Record<string, string>> = {}

/** Imports of effect are deep. Only tests may use this barrel: it is small and its modules are checked one by one. */
export const effectBarrelsInTests: ReadonlyArray<string> = ["effect/testing"]
