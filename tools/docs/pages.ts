import { readdirSync, readFileSync } from "node:fs"
import {
  type AnyProvider,
  type Fact,
  type Facts,
  gpuModels,
  type LaunchOption,
  type Lifecycle,
  launchOptions,
  optionalOps
} from "../../packages/core/src/index.ts"
import { advice } from "./advice.ts"
import type { CloudInfo } from "./clouds.ts"
import { codes, docText, page, region, table } from "./markdown.ts"
import { provokedErrors } from "./provoked.ts"

const fact = (value: Fact): string => (value === null ? "null" : String(value))

const factsOf = (when: Readonly<Record<string, Fact | ReadonlyArray<Fact> | undefined>>): string =>
  Object.entries(when)
    .map(([name, wanted]) => `${name}: ${[wanted ?? null].flat().map(fact).join(" or ")}`)
    .map((text) => `\`${text}\``)
    .join(", ")

/** The rows of a table, what no row knows, and the documented values of each fact. */
const lifecycleParts = ({ rows, fallback, domain }: Lifecycle<Facts>): ReadonlyArray<string> => [
  table(
    ["When", "Status (reason)", "Billing", "Actions", "Why", "Source"],
    rows.map((row) => [
      factsOf(row.when),
      row.reason ? `\`${row.status}\` (\`${row.reason}\`)` : `\`${row.status}\``,
      `\`${row.billing}\``,
      codes(row.actions),
      row.note,
      row.source
    ])
  ),
  `A case that no row knows is \`unknown\`, with billing \`${fallback.billing}\` and the actions ${codes(fallback.actions)}.`,
  "The documented values of each fact:",
  table(
    ["Fact", "Values"],
    Object.entries(domain).map(([name, values]) => [`\`${name}\``, codes(values.map(fact))])
  )
]

/** Every native case of a cloud and what it means; kinds that differ have a table each. */
export const statusPage = ({ title, kinds }: CloudInfo): string => {
  const sharers = Map.groupBy(Object.keys(kinds), (kind) => kinds[kind]?.lifecycle)
  const parts = [...sharers].flatMap(([lifecycle, names]) => {
    if (!lifecycle) return []
    if (sharers.size === 1) return lifecycleParts(lifecycle)
    return [`### ${codes(names)}`, ...lifecycleParts(lifecycle)]
  })
  return page(
    `Status on ${title}`,
    "What the cloud's own status fields mean in the common model. The first row that matches decides. A fact that a row does not name may have any value.",
    ...region("tables", ...parts)
  )
}

const repeats: Readonly<Record<string, string>> = {
  safe: "repeated",
  "refused-only": "only when refused unprocessed",
  never: "never"
}

/** Every endpoint of a cloud, and the common operations that use it. */
export const endpointsPage = async (cloud: CloudInfo): Promise<string> => {
  const { name: adapter, title, endpoints, endpointDocs, provenBy, endpointsNote, toured, tour } = cloud
  const reached = await tour()
  const usedBy = ({ method, path }: { readonly method: string; readonly path: string }): string => {
    const pattern = new RegExp(`^${method} ${path.replace(/\{\w+\}/g, "[^/]+")}$`)
    const others = Object.values(endpoints).filter((other) => other.method === method && other.path !== path)
    const exact = (route: string) => !others.some((other) => `${method} ${other.path}` === route)
    const operations = [...reached].filter(([, routes]) => [...routes].some((it) => pattern.test(it) && exact(it)))
    return codes(operations.map(([operation]) => operation)) || "the native client only"
  }
  const test = (name: string): string => {
    const file = provenBy.get(name)
    if (file === undefined) throw new Error(`no table of ${adapter}'s endpoint tests has ${name}`)
    return `\`${file}\``
  }
  return page(
    `Endpoints of ${title}`,
    `Every endpoint that the adapter knows; each is a method of \`native\` under its name. "Used by" comes from using each common operation of ${toured} once on the simulator. "Sent again" is what happens after a failure that may pass. "Test" holds its exact request: method, path, query, headers and body, in \`packages/${adapter}/src\`.`,
    ...(endpointsNote === undefined ? [] : [endpointsNote]),
    table(
      ["Name", "Route", "What it does", "Sent again", "Limit", "Used by", "Source", "Test"],
      Object.entries(endpoints).map(([name, { method, path, repeat, limit, source, ...rest }]) => [
        `\`${name}\`${rest.operation === name ? "" : ` (\`${rest.operation}\`)`}`,
        `\`${method} ${path}\``,
        endpointDocs.get(name) ?? "",
        repeats[repeat] ?? repeat,
        [limit ?? []]
          .flat()
          .map(({ calls, perSeconds }) => `${calls} per ${perSeconds} s`)
          .join(", "),
        usedBy({ method, path }),
        source,
        test(name)
      ])
    )
  )
}

/** Every GPU with its names. */
export const gpusPage = (): string =>
  page(
    "GPUs",
    "The names of GPUs. `offers({ gpu })` takes any spelling: case, spaces, dashes, underscores, `NVIDIA` and `GeForce` make no difference. A model with variants covers them: `A100` finds every A100. Memory is per GPU, as the card is sold.",
    table(
      ["Model", "Vendor", "Memory (GiB)", "Interface", "Covered by", "Other names"],
      gpuModels.map(({ model, vendor, vramGiB, interface: bus, family, aliases }) => [
        model,
        vendor,
        vramGiB.join(", "),
        bus ?? "",
        family ?? "",
        aliases.join(", ")
      ])
    )
  )

/** What is made at random is always the same on the page: a marker, a port of this computer, the key of a server. */
const sameEachTime = (text: string): string =>
  text
    .replaceAll(/\bag[0-9a-z]{10}\b/g, "ag1x9k2m4p7q")
    .replaceAll(/127\.0\.0\.1:\d+/g, "192.0.2.1:22")
    .replace(/shows another host key \(SHA256:[\w+/]+\)/, "shows another host key (SHA256:iX8m...)")

/** Every error: its meaning from its doc comment, its fields from its type, its message as it comes on simulated clouds. */
export const errorsPage = async (): Promise<string> => {
  const sources = ["errors.ts", "ssh-errors.ts"].map(
    (file) => new URL(`../../packages/core/src/${file}`, import.meta.url)
  )
  const text = sources.map((url) => readFileSync(url, "utf8")).join("\n")
  const classes = text.matchAll(
    /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export class (\w+) extends Data\.TaggedError\("\w+"\)<\s*ErrorFields(?:\s*&\s*\{([^}]*)\})?/g
  )
  const provoked = await provokedErrors()
  const entries = [...classes].map(([, comment = "", tag = "", fields = ""]) => {
    const known = Object.entries(advice).find(([name]) => name === tag)?.[1]
    const example = provoked.get(tag)
    if (!known || !example) throw new Error(`${tag} has no advice in tools/docs/advice.ts, or no way in provoked.ts`)
    const names = [...fields.matchAll(/readonly (\w+)/g)].map(([, name = ""]) => name)
    const parts = [
      `## ${tag}`,
      docText(comment),
      known.when.map((situation) => `- ${situation}`).join("\n"),
      `**What to do:** ${known.todo}`,
      `**Again?** ${known.retry}${names.length > 0 ? `. **More fields:** ${codes(names)}` : ""}`,
      ["```text", sameEachTime(example.message), "```"].join("\n")
    ]
    return { tag, todo: known.todo, parts }
  })
  if (entries.length !== Object.keys(advice).length) throw new Error("errors.ts and tools/docs/advice.ts differ")
  return page(
    "Errors",
    "Everything that can go wrong, as a closed set. Switch on `_tag`, or use `instanceof`. Every error carries `message` (what to do next), `retry`, and where known `provider`, `kind`, `operation`, `http`, `requestId`, `ref` and `leftovers`. No error holds a secret.",
    "`retry` is `permanent` (calling again cannot help), `temporary` (it can, later) or `exhausted` (it was tried often enough: do not try again at once).",
    "`leftovers` names machines that exist because of the failed call. They may cost money: terminate them.",
    table(
      ["Tag", "What to do"],
      entries.map(({ tag, todo }) => [`[${tag}](#${tag.toLowerCase()})`, todo])
    ),
    "Below, each with what it comes from, and a message as it really came on simulated clouds.",
    ...entries.flatMap(({ parts }) => parts)
  )
}

/** Every decision by its title. */
export const decisionsPage = (): string => {
  const folder = new URL("../../docs/decisions/", import.meta.url)
  const names = readdirSync(folder).filter((name) => /^\d.*\.md$/.test(name))
  const titleOf = (name: string) => /^# (.+)$/m.exec(readFileSync(new URL(name, folder), "utf8"))?.[1] ?? name
  return page(
    "Decisions",
    "Why it is so: what was to be decided, what was, and what follows from it.",
    names
      .sort()
      .map((name) => `- [${titleOf(name)}](${name})`)
      .join("\n")
  )
}

const yes = (has: boolean): string => (has ? "yes" : "")

/** What a launch option is to a kind. */
const launchOptionOf = ({ launchOptions: honoured, requiredOptions }: AnyProvider, option: LaunchOption): string =>
  requiredOptions.has(option) ? "needed" : yes(honoured.has(option))

/** The tables of what each kind of these clouds can do. */
const capabilityTables = (clouds: ReadonlyArray<CloudInfo>, level: "##" | "###"): ReadonlyArray<string> => {
  const kinds = clouds.flatMap(({ name, kinds }) =>
    Object.entries(kinds).map(([key, provider]) => ({ title: clouds.length > 1 ? `${name} ${key}` : key, provider }))
  )
  const head = kinds.map(({ title }) => title)
  const updates = new Set(kinds.flatMap(({ provider }) => [...provider.updateOptions]))
  const changes = table(
    ["Change", ...head],
    [...updates].map((option) => [
      `\`${option}\``,
      ...kinds.map(({ provider }) => yes(provider.updateOptions.has(option)))
    ])
  )
  return [
    `${level} Operations`,
    table(
      ["Operation", ...head],
      optionalOps.map((op) => [`\`${op}\``, ...kinds.map(({ provider }) => yes(provider.capabilities.has(op)))])
    ),
    `${level} Launch options`,
    table(
      ["Option", ...head],
      launchOptions.map((option) => [`\`${option}\``, ...kinds.map(({ provider }) => launchOptionOf(provider, option))])
    ),
    ...(updates.size > 0 ? [`${level} What \`update\` changes`, changes] : [])
  ]
}

const emptyMeans =
  "A launch without an option that is `needed` is refused. What is empty here does not compile where the provider is known, and is `Unsupported` before any request where it is not."

/** What each kind of each cloud can do. */
export const capabilitiesPage = (clouds: ReadonlyArray<CloudInfo>): string =>
  page(
    "Capabilities",
    `Every kind has \`offers\`, \`launch\`, \`get\`, \`list\`, \`terminate\` and \`recover\`. ${emptyMeans}`,
    "![What each cloud can do, as a picture: the same as the tables below](capabilities.svg)",
    ...capabilityTables(clouds, "##")
  )

/** What each kind of one cloud can do. */
export const cloudCapabilitiesPage = (cloud: CloudInfo): string =>
  page(
    `Capabilities of ${cloud.title}`,
    `Beyond what every kind can do. ${emptyMeans}`,
    ...region("tables", ...capabilityTables([cloud], "###"))
  )
