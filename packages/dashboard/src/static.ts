import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import type { IncomingMessage, ServerResponse } from "node:http"
import { extname, join, sep } from "node:path"
import { safeHeaders } from "./answer.ts"
import { Refused } from "./failure.ts"

/** One file of the page. */
interface PageFile {
  readonly bytes: Buffer
  /** The same, compressed when the page was built; null where that saves nothing. */
  readonly gzip: Buffer | null
  readonly headers: Readonly<Record<string, string>>
}

/** The files of the page by their addresses: only what is in here can be asked for. */
export type Page = ReadonlyMap<string, PageFile>

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".json": "application/json; charset=utf-8"
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'"
].join("; ")

const pageHeaders = {
  ...safeHeaders,
  "content-security-policy": policy,
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()"
}

const fileOf = (path: string, bytes: Buffer, gzip: Buffer | null): PageFile => ({
  bytes,
  gzip: gzip && gzip.length < bytes.length ? gzip : null,
  headers: {
    ...pageHeaders,
    "content-type": types[extname(path)] ?? "application/octet-stream",
    // Below assets the name has a hash of what is in the file.
    "cache-control": path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
    vary: "accept-encoding"
  }
})

/** Reads a folder with the built page; empty where there is no such folder. */
const readPage = async (folder: string): Promise<Page> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  const contents = new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path)] as const)))
  const files = [...contents].filter(([path]) => !path.endsWith(".gz"))
  return new Map(
    files.map(([path, bytes]) => {
      const address = `/${path
        .slice(folder.length + 1)
        .split(sep)
        .join("/")}`
      return [address === "/index.html" ? "/" : address, fileOf(address, bytes, contents.get(`${path}.gz`) ?? null)]
    })
  )
}

/** Reads the page that is in the first of several folders. */
export const readFirstPage = async (folders: ReadonlyArray<string>): Promise<Page> => {
  for (const folder of folders) {
    const page = await readPage(folder)
    if (page.size > 0) return page
  }
  return new Map()
}

/** Answers with a file of the page. */
export const sendFile = (request: IncomingMessage, response: ServerResponse, page: Page, path: string): void => {
  const { method, headers } = request
  if (method !== "GET" && method !== "HEAD") {
    throw new Refused(405, "InvalidRequest", `${method} is not possible here`, { allow: "GET, HEAD" })
  }
  const file = page.get(path)
  if (!file && path === "/") {
    throw new Refused(503, "ProviderFault", "The page was not built here: the routes below /api/v1 work without it")
  }
  if (!file) throw new Refused(404, "NotFound", "There is no such page")
  if (headers["if-none-match"] === file.headers.etag) {
    response.writeHead(304, file.headers).end()
    return
  }
  const isGzip = file.gzip !== null && /\bgzip\b/.test(String(headers["accept-encoding"] ?? ""))
  const body = isGzip && file.gzip ? file.gzip : file.bytes
  const coding = isGzip ? { "content-encoding": "gzip" } : {}
  response.writeHead(200, { ...file.headers, ...coding, "content-length": body.length })
  response.end(method === "HEAD" ? undefined : body)
}
