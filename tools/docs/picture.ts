import { type AnyProvider, launchOptions, optionalOps } from "../../packages/core/src/index.ts"
import type { CloudInfo } from "./clouds.ts"

/** What a kind can do, for the picture. */
export type Mark = "yes" | "needed" | "no"

/** A row of the picture: what there is to do, and what each kind says of it. */
export interface PictureRow {
  readonly name: string
  readonly marks: ReadonlyArray<Mark>
}

type Kinds = ReadonlyArray<{ readonly cloud: string; readonly kind: string; readonly provider: AnyProvider }>

/** Every kind of every cloud, in the order of the list. */
export const kindsOf = (clouds: ReadonlyArray<Pick<CloudInfo, "title" | "kinds">>): Kinds =>
  clouds.flatMap(({ title, kinds }) =>
    Object.entries(kinds).map(([kind, provider]) => ({ cloud: title, kind, provider }))
  )

/** The rows of operations, and those of launch options: what no kind has is left out. */
export const pictureRows = (kinds: Kinds): Readonly<Record<"operations" | "options", ReadonlyArray<PictureRow>>> => {
  const rows = (names: ReadonlyArray<string>, mark: (provider: AnyProvider, name: string) => Mark) =>
    names
      .map((name) => ({ name, marks: kinds.map(({ provider }) => mark(provider, name)) }))
      .filter(({ marks }) => marks.some((one) => one !== "no"))
  return {
    operations: rows(optionalOps, ({ capabilities }, name) =>
      (capabilities as ReadonlySet<string>).has(name) ? "yes" : "no"
    ),
    options: rows(launchOptions, ({ launchOptions: takes, requiredOptions }, name) => {
      if ((requiredOptions as ReadonlySet<string>).has(name)) return "needed"
      return (takes as ReadonlySet<string>).has(name) ? "yes" : "no"
    })
  }
}

const [rowHeight, columnWidth, left, top] = [22, 46, 150, 150]

const plain = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")

const circle = (x: number, y: number, mark: Mark, title: string): string => {
  if (mark === "no") return ""
  const ring = mark === "needed" ? `<circle cx="${x}" cy="${y}" r="9" class="needed"/>` : ""
  return `<g>${ring}<circle cx="${x}" cy="${y}" r="5.5" class="yes"/><title>${plain(title)}</title></g>`
}

const label = (x: number, y: number, text: string, more = ""): string =>
  `<text x="${x}" y="${y}"${more}>${plain(text)}</text>`

const style = `text{font:13px system-ui,sans-serif;fill:#1f2328}.head{font-weight:600}.soft{fill:#656d76}
.line{fill:#8c959f22}.yes{fill:#1a7f37}.needed{fill:none;stroke:#1a7f37;stroke-width:1.5}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.soft{fill:#9198a1}.yes{fill:#3fb950}.needed{stroke:#3fb950}}`.replaceAll(
  "\n",
  ""
)

/**
 * What each kind of each cloud can do, as a picture: a column a kind, a row an operation or a launch option. A dot says that it
 * can, a dot in a ring that a launch needs it.
 */
export const capabilityPicture = (clouds: ReadonlyArray<Pick<CloudInfo, "title" | "kinds">>): string => {
  const kinds = kindsOf(clouds)
  const { operations, options } = pictureRows(kinds)
  const width = left + kinds.length * columnWidth + 20
  const xOf = (column: number) => left + column * columnWidth + columnWidth / 2
  const heads = kinds.map(({ cloud, kind }, column) => {
    const at = `transform="rotate(-55 ${xOf(column)} ${top - 12})"`
    return label(xOf(column), top - 12, `${cloud} ${kind}`, ` ${at}`)
  })
  const parts: string[] = []
  let y = top
  for (const [name, rows] of [["Operations", operations] as const, ["Launch options", options] as const]) {
    parts.push(label(10, y + 15, name, ' class="head"'))
    y += rowHeight
    for (const [index, row] of rows.entries()) {
      if (index % 2 === 0) parts.push(`<rect x="0" y="${y}" width="${width}" height="${rowHeight}" class="line"/>`)
      parts.push(label(10, y + 15, row.name))
      for (const [column, mark] of row.marks.entries()) {
        const { cloud = "", kind = "" } = kinds[column] ?? {}
        parts.push(circle(xOf(column), y + rowHeight / 2, mark, `${cloud} ${kind}: ${row.name}`))
      }
      y += rowHeight
    }
    y += 8
  }
  parts.push(label(10, y + 15, "A dot: it can. A dot in a ring: a launch needs it.", ' class="soft"'))
  const size = `width="${width}" height="${y + 30}" viewBox="0 0 ${width} ${y + 30}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="What each cloud can do"><title>What each cloud can do</title><style>${style}</style>
${[...heads, ...parts].filter((part) => part !== "").join("\n")}
</svg>
`
}
