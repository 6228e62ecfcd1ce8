import { createHash } from "node:crypto"
import { type ComponentChildren, h } from "preact"
import { renderToString } from "preact-render-to-string"
import { pageStyles } from "./styles.ts"

/** What every report says. */
export interface Report {
  readonly title: string
  /** What it is about, below its title. */
  readonly subtitle: string
  readonly body: ComponentChildren
}

/**
 * One file: the style is inside, nothing is fetched, and its own policy forbids script and every request.
 *
 * - All that clouds and users have written is escaped by what renders it.
 */
export const documentOf = async ({ title, subtitle, body }: Report): Promise<string> => {
  const style = await pageStyles()
  const hash = createHash("sha256").update(style).digest("base64")
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
  const page = h("main", null, [h("header", null, [h("h1", null, title), h("p", { class: "soft" }, subtitle)]), body])
  return [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `${renderToString(h("title", null, title))}\n<style>${style}</style>\n</head>`,
    `<body>${renderToString(page)}</body>\n</html>\n`
  ].join("\n")
}
