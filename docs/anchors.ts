import { globSync, readFileSync } from "node:fs"
import { posix } from "node:path"

/** The path a page is read at: `/tasks/watch` for tasks/watch.html, `/` for index.html. */
const pathOf = (file: string): string => `/${file.replaceAll("\\", "/").replace(/(^|\/)index\.html$|\.html$/, "$1")}`

/** Links to a part of a page that is not there, in a built site. VitePress itself looks for the pages alone. */
export const deadAnchors = (folder: string): ReadonlyArray<string> => {
  const pages = new Map(
    globSync("**/*.html", { cwd: folder }).map((file) => [pathOf(file), readFileSync(posix.join(folder, file), "utf8")])
  )
  const partsOf = (html: string) => new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id = ""]) => id))
  const parts = new Map([...pages].map(([path, html]) => [path, partsOf(html)]))
  return [...pages].flatMap(([path, html]) =>
    [...new Set([...html.matchAll(/\shref="([^":]*)#([^"]+)"/g)].map(([, to = "", part = ""]) => `${to}#${part}`))]
      .filter((link) => {
        const { pathname, hash } = new URL(link, `http://site${path}`)
        return !parts.get(pathname)?.has(decodeURIComponent(hash.slice(1)))
      })
      .map((link) => `${path} links to ${link}`)
  )
}
